import { describe, expect, test } from 'vitest';
import type { StoredScramCredential } from '../src/methods/scram.ts';
import { SCRAM_MECHANISMS } from '../src/methods/scram-secret.ts';
import { attemptOf, manualClock } from '../src/testing/index.ts';
import {
  asking,
  bytes,
  clientOf,
  credentialOf,
  KEYS,
  reasonOf,
  run,
  settled,
  text,
  worldOf,
} from './support/scram-world.ts';

/** As after a reset: another salt. */
const OTHER_KEYS = {
  'SCRAM-SHA-256': { ...KEYS['SCRAM-SHA-256'], salt: bytes('another salt of it') },
};

describe('an exchange', () => {
  test.each(SCRAM_MECHANISMS)(
    'of %s admits who knows the password, and proves the server',
    async (mechanism) => {
      const { end, expected, told, question } = await run({}, 'pencil', { mechanism });
      expect(end.verdict).toMatchObject({
        outcome: 'allow',
        grant: {
          principal: { namespace: 'scram', subject: 'user' },
          credentialId: 'scram-1',
          bindsClientId: false,
        },
      });
      expect(text(end.data ?? new Uint8Array())).toBe(expected);
      expect(told).toEqual(['admitted', 'succeeded']);
      expect(question).toMatch(/^r=fyko\+d2lbbFgONRv9qkxdawL[A-Za-z0-9+/]{24},s=[A-Za-z0-9+/=]+,i=4096$/);
    },
  );

  test('takes a client that could bind channels and thinks that the server cannot', async () => {
    expect((await run({}, 'pencil', { header: 'y,,' })).end.verdict.outcome).toBe('allow');
  });

  test('finds a name that needs escaping', async () => {
    const record = credentialOf({ username: 'a,b=c' });
    const { end, asked } = await run({ record }, 'pencil', { username: 'a=2Cb=3Dc' });
    expect(end.verdict.outcome).toBe('allow');
    expect(new Set(asked)).toEqual(new Set(['a,b=c']));
  });

  test.each([
    ['was disabled', credentialOf({ enabled: false }), 'CREDENTIAL_DISABLED'],
    ['has another password', credentialOf({ keys: OTHER_KEYS }), 'busy'],
    ['is gone', undefined, 'busy'],
    ['cannot be looked up', 'unavailable', 'AUTHENTICATOR_ERROR'],
  ] as const)(
    'whose credential %s while it was under way rests on what holds now',
    async (_, now, reason) => {
      const records: (StoredScramCredential | undefined | 'unavailable')[] = [credentialOf(), now];
      const { scram } = worldOf({ options: { credentials: { find: () => records.shift() } } });
      const client = clientOf('SCRAM-SHA-256', 'pencil');
      const question = asking(await scram.begin('SCRAM-SHA-256', attemptOf(), client.first));
      expect(reasonOf(await question.answer(client.final(question.data).data))).toBe(reason);
    },
  );

  test.each(['wrong', 'Pencil', ' ', ''])(
    'with the password %j is refused, and told nothing',
    async (password) => {
      const { end, told } = await run({}, password);
      expect(reasonOf(end)).toBe('SCRAM_PROOF_MISMATCH');
      expect(end.data).toBeUndefined();
      expect(told).toEqual(['admitted', 'failed']);
    },
  );

  test('of an unknown user looks like any other, with the same salt every time', async () => {
    const known = await run({}, 'wrong');
    const unknown = await run({}, 'wrong', { username: 'nobody' });
    const again = await run({}, 'wrong', { username: 'nobody' });
    const another = await run({}, 'wrong', { username: 'nobody-else' });
    const saltOf = (question: string) => /s=([^,]*)/.exec(question)?.[1];
    expect(reasonOf(unknown.end)).toBe('SCRAM_UNKNOWN_USER');
    expect(unknown.end.data).toBeUndefined();
    expect(unknown.told).toEqual(known.told);
    expect(saltOf(again.question)).toBe(saltOf(unknown.question));
    expect(saltOf(another.question)).not.toBe(saltOf(unknown.question));
    const shapeOf = (question: string) => question.replaceAll(/(?<=[rs]=|[A-Za-z0-9+/])[A-Za-z0-9+/]/g, 'x');
    expect(shapeOf(unknown.question)).toBe(shapeOf(known.question));
  });

  test('never gives the same nonce twice', async () => {
    const first = await run({}, 'pencil');
    const second = await run({}, 'pencil');
    expect(first.question).not.toBe(second.question);
  });

  test.each([
    ['that is for another client ID', { clientId: 'other' }, 'SCRAM_UNKNOWN_USER'],
    ['that has no key for the mechanism', { keys: {} }, 'SCRAM_UNKNOWN_USER'],
    ['that is disabled', { enabled: false }, 'CREDENTIAL_DISABLED'],
    ['that has expired', { expiresAt: manualClock().now() }, 'CREDENTIAL_EXPIRED'],
    [
      'whose keys are damaged',
      { keys: { 'SCRAM-SHA-256': { ...KEYS['SCRAM-SHA-256'], salt: new Uint8Array() } } },
      'SCRAM_CREDENTIALS_UNPARSABLE',
    ],
  ])('with a credential %s is refused at its end', async (_what, differs, reason) => {
    expect(reasonOf((await run({ record: credentialOf(differs) }, 'pencil')).end)).toBe(reason);
  });

  test('says that a credential is disabled or expired only to who knows the password', async () => {
    for (const differs of [{ enabled: false }, { expiresAt: 0 }]) {
      expect(reasonOf((await run({ record: credentialOf(differs) }, 'wrong')).end)).toBe(
        'SCRAM_PROOF_MISMATCH',
      );
    }
  });

  test('with a credential that cannot be read is refused at its end', async () => {
    const { end } = await run({ record: { id: 'scram-1', unparsable: 'the salt is not base64' } }, 'pencil');
    expect(end.verdict).toMatchObject({
      outcome: 'deny',
      reason: 'SCRAM_CREDENTIALS_UNPARSABLE',
      detail: { credentialId: 'scram-1', problem: 'the salt is not base64' },
    });
  });

  test('with a credential for this very client ID until a time says both', async () => {
    const expiresAt = manualClock().now() + 1;
    const { end } = await run({ record: credentialOf({ clientId: 'pump-7', expiresAt }) }, 'pencil');
    expect(end.verdict).toMatchObject({ grant: { bindsClientId: true, expiresAt } });
  });

  test('without a store is an error', async () => {
    const { scram } = worldOf({ record: 'unavailable' });
    const end = await scram.begin('SCRAM-SHA-256', attemptOf(), clientOf('SCRAM-SHA-256', 'pencil').first);
    expect(reasonOf(end)).toBe('AUTHENTICATOR_ERROR');
  });

  test('over the guessing budget is refused without looking at the proof', async () => {
    expect(reasonOf((await run({ refused: 'refused' }, 'pencil')).end)).toBe('TOO_MANY_FAILURES');
    expect(reasonOf((await run({ refused: 'busy' }, 'pencil')).end)).toBe('busy');
  });

  test('that is left before its end holds no place in the budget', async () => {
    const { scram, told } = worldOf();
    asking(await scram.begin('SCRAM-SHA-256', attemptOf(), clientOf('SCRAM-SHA-256', 'pencil').first));
    expect(told).toEqual([]);
  });

  test.each(['GS2-KRB5', 'SCRAM-SHA-1', 'SCRAM-SHA-256-PLUS', 'scram-sha-256'])(
    'of the method %s does not begin, and those that would are told',
    (method) => {
      const step = worldOf().scram.begin(method, attemptOf(), bytes('n,,n=user,r=abc'));
      if (step instanceof Promise) throw new Error('asked somebody');
      expect(settled(step).verdict).toEqual({
        outcome: 'ignore',
        reason: 'SCRAM_METHOD_UNSUPPORTED',
        detail: { asked: method, offered: SCRAM_MECHANISMS },
      });
    },
  );

  test('of a mechanism that is switched off does not begin', async () => {
    const { scram } = worldOf({ options: { mechanisms: ['SCRAM-SHA-512'] } });
    const step = await scram.begin('SCRAM-SHA-256', attemptOf(), bytes('n,,n=user,r=abc'));
    expect(reasonOf(step)).toBe('SCRAM_METHOD_UNSUPPORTED');
  });

  test.each([
    ['no data', undefined, 'SCRAM_DATA_MISSING'],
    ['empty data', new Uint8Array(), 'SCRAM_DATA_MISSING'],
    ['no SCRAM message', bytes('hello'), 'SCRAM_FIRST_MESSAGE_INVALID'],
  ])('that begins with %s is refused', async (_what, data, reason) => {
    const { scram, asked } = worldOf();
    expect(reasonOf(await scram.begin('SCRAM-SHA-256', attemptOf(), data))).toBe(reason);
    expect(asked).toEqual([]);
  });

  test('for another user than CONNECT names is refused: rules are about that name', async () => {
    const { first } = clientOf('SCRAM-SHA-256', 'pencil');
    const { scram } = worldOf();
    const other = await scram.begin('SCRAM-SHA-256', attemptOf({ username: 'admin' }), first);
    expect(reasonOf(other)).toBe('SCRAM_FIRST_MESSAGE_INVALID');
    const same = await run({}, 'pencil', { attempt: { username: 'user' } });
    expect(same.end.verdict.outcome).toBe('allow');
  });

  test.each([
    ['no data', () => undefined, 'SCRAM_DATA_MISSING'],
    ['empty data', () => new Uint8Array(), 'SCRAM_DATA_MISSING'],
    ['no SCRAM message', () => bytes('hello'), 'SCRAM_UNEXPECTED_STATE'],
  ])('that ends with %s is refused', async (_what, data, reason) => {
    const { scram, told } = worldOf();
    const question = asking(
      await scram.begin('SCRAM-SHA-256', attemptOf(), clientOf('SCRAM-SHA-256', 'x').first),
    );
    expect(reasonOf(await question.answer(data()))).toBe(reason);
    expect(told).toEqual([]);
  });

  test.each([
    ['another nonce', { nonce: 'r=replayed' }],
    ['another channel binding than at first', { binding: `c=${btoa('y,,')}` }],
  ])('whose final message has %s is refused, whatever the proof', async (_what, differs) => {
    const { scram, told } = worldOf();
    const client = clientOf('SCRAM-SHA-256', 'pencil');
    const question = asking(await scram.begin('SCRAM-SHA-256', attemptOf(), client.first));
    const end = await question.answer(client.final(question.data, differs).data);
    expect(reasonOf(end)).toBe('SCRAM_UNEXPECTED_STATE');
    expect(told).toEqual([]);
  });
});
