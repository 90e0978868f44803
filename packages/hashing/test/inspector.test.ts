import { Secret, type BasicCredential } from '@gatehouse/auth-core';
import { afterEach, describe, expect, test } from 'vitest';
import { createHashing, type Hashing } from '../src/hashing.ts';
import { HASHING_LIMITS } from '../src/limits.ts';
import { BCRYPT_PUBLIC, ManualClock, SILENT_WORKER, bytes, subject } from './support.ts';

const open: Hashing[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((hashing) => hashing.close()));
});
const clock = new ManualClock();
const make = (workerUrl?: URL): Hashing => {
  const hashing = createHashing({ workers: 1, clock, workerUrl });
  open.push(hashing);
  return hashing;
};

const PUBLIC = 'sha256:efa1f375d76194fa51a3556a97e641e61685f914d446979da50a551a4333ffd7';
const SECRET = 'sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';

const credential = (over: Partial<BasicCredential> = {}): BasicCredential => ({
  id: 'c1',
  version: 1,
  name: 'pump',
  username: 'pump',
  clientId: null,
  enabled: true,
  expiresAt: null,
  secretHash: PUBLIC,
  previousSecret: null,
  passwordless: false,
  superuser: false,
  rules: [],
  secretChangedAt: 0,
  ...over,
});
const sent = (text: string): Secret<Uint8Array> => new Secret(bytes(text));

describe('a mismatch is explained', () => {
  const previous = credential({ previousSecret: { hash: SECRET, validUntil: 0 } });
  const other = credential({ id: 'c2', username: null, clientId: 'pump', secretHash: SECRET });

  test.each([
    ['previous-secret', previous, 'pump', 'secret', []],
    ['trailing-whitespace', credential(), 'pump', 'public\n', []],
    ['hex-or-base64-form', credential(), 'pump', 'cHVibGlj', []],
    ['hex-or-base64-form', credential(), 'pump', '7075626c6963', []],
    ['username-password-swapped', credential(), 'public', 'pump', []],
    ['password-of-other-identity', credential(), 'pump', 'secret', [other]],
  ] as const)('%s', async (hint, stored, username, password, others) => {
    expect(await make().inspector.hints(stored, username, sent(password), others)).toEqual([hint]);
  });

  test('a plain wrong password gives no hint', async () => {
    expect(await make().inspector.hints(previous, 'pump', sent('guess'), [other])).toEqual([]);
  });

  test('a credential without secret, or whose hash cannot be read, gives none and does no harm', async () => {
    const { inspector } = make();
    expect(await inspector.hints(credential({ secretHash: null }), null, sent('public '), [])).toEqual([]);
    expect(await inspector.hints(credential({ secretHash: 'rubbish' }), 'pump', sent('public '), [])).toEqual(
      [],
    );
  });
});

describe('slow forms are inspected', () => {
  test('on the workers', async () => {
    const slow = credential({ secretHash: BCRYPT_PUBLIC });
    expect(await make().inspector.hints(slow, 'pump', sent('public '), [])).toEqual(['trailing-whitespace']);
  });

  test('only while no client waits for a worker', async () => {
    const { inspector, verifier } = make(SILENT_WORKER);
    for (const identity of ['running', 'waiting']) {
      Promise.resolve(verifier.verify(subject({ hash: BCRYPT_PUBLIC, identity }))).catch(() => undefined);
    }
    expect(
      await inspector.hints(credential({ secretHash: BCRYPT_PUBLIC }), 'pump', sent('public '), []),
    ).toEqual([]);
  });

  test('at most so many times a minute', async () => {
    const { inspector } = make();
    const previous = credential({ secretHash: null, previousSecret: { hash: BCRYPT_PUBLIC, validUntil: 0 } });
    const found: number[] = [];
    for (let i = 0; i <= HASHING_LIMITS.inspectionHashesPerMinuteMax; i++) {
      found.push((await inspector.hints(previous, 'pump', sent('public'), [])).length);
    }
    expect(found.at(-2)).toBe(1);
    expect(found.at(-1)).toBe(0);
    clock.ms += 60_000;
    expect(await inspector.hints(previous, 'pump', sent('public'), [])).toEqual(['previous-secret']);
  });
});
