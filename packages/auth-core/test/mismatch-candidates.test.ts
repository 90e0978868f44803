import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mismatchCandidates } from '../src/mismatch-candidates.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (of: Uint8Array) => new TextDecoder().decode(of);
const hinted = (username: string | undefined, password: string) =>
  mismatchCandidates(username, bytes(password)).map(({ hint, password: meant }) => [hint, text(meant)]);

describe('the passwords that a client may have meant', () => {
  test.each(['secret!\n', 'secret!\r\n', ' secret!', '\tsecret! '])(
    '%j without what surrounds it',
    (sent) => {
      expect(hinted('ann', sent)).toContainEqual(['trailing-whitespace', 'secret!']);
    },
  );

  test.each([
    ['hexadecimal', '736563726574'],
    ['hexadecimal in capitals', '736563726574'.toUpperCase()],
    ['hexadecimal and a newline', '736563726574\n'],
    ['base64', 'c2VjcmV0'],
    ['base64 with padding', 'c2VjcmV0IQ=='],
  ])('%s that is to be decoded', (_, sent) => {
    const meant = hinted('ann', sent).map(([, password]) => password?.replace('!', ''));
    expect(meant).toContain('secret');
  });

  test('base64 of the URL alphabet without padding', () => {
    const candidates = mismatchCandidates(undefined, bytes('_-8'));
    expect(candidates.map(({ password }) => [...password])).toContainEqual([0xff, 0xef]);
  });

  test.each([
    ['hexadecimal', '73656372657421'],
    ['base64', 'c2VjcmV0IQ=='],
  ])('the %s form, when that is what was stored', (_, stored) => {
    expect(hinted('ann', 'secret!')).toContainEqual(['hex-or-base64-form', stored]);
  });

  test('username and password exchanged, with the username that is meant', () => {
    expect(mismatchCandidates('secret!', bytes('ann'))).toContainEqual({
      hint: 'username-password-swapped',
      password: bytes('secret!'),
      username: 'ann',
    });
  });

  test.each([undefined, '', 'same'])('nothing to exchange with the username %j', (username) => {
    expect(hinted(username, 'same').map(([hint]) => hint)).not.toContain('username-password-swapped');
  });

  test('bytes that are no text are tried in their written forms only', () => {
    expect(
      mismatchCandidates('ann', Uint8Array.of(0xff, 0xfe)).map(({ password }) => text(password)),
    ).toEqual(['fffe', '//4=']);
  });

  test.each([0, 1_025])('a password of %i bytes is not looked into', (length) => {
    expect(mismatchCandidates('ann', new Uint8Array(length))).toEqual([]);
  });

  test('blanks alone mean nothing shorter', () => {
    expect(hinted(undefined, '  ').map(([hint]) => hint)).not.toContain('trailing-whitespace');
  });

  test('whatever comes, there are at most six, none empty and none what was sent', () => {
    fc.assert(
      fc.property(
        fc.option(fc.string(), { nil: undefined }),
        fc.uint8Array({ maxLength: 2_000 }),
        (username, password) => {
          const candidates = mismatchCandidates(username, password);
          expect(candidates.length).toBeLessThanOrEqual(6);
          for (const { password: meant } of candidates) {
            expect(meant.length).toBeGreaterThan(0);
            expect(text(meant) === text(password) && meant.length === password.length).toBe(false);
          }
        },
      ),
    );
  });
});
