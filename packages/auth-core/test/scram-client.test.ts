import { describe, expect, test } from 'vitest';
import { scramCrypto } from '../../hashing/src/scram.ts';
import { createChain } from '../src/chain.ts';
import { decideAsScramClient } from '../src/methods/scram-client.ts';
import { createScram } from '../src/methods/scram.ts';
import { proofOf, deriveScramKeys, SCRAM_MECHANISMS } from '../src/methods/scram-secret.ts';
import { fromBase64, readServerFirst, toBase64 } from '../src/methods/scram-message.ts';
import { attemptOf, manualClock, passwordOf } from '../src/testing/index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const NAME = 'pump=7,a';
const salt = bytes('the salt of a user');
const keysOf = async (mechanism: (typeof SCRAM_MECHANISMS)[number]) => {
  const keys = await deriveScramKeys(scramCrypto, mechanism, 'pencil', { salt, iterations: 4_096 });
  if (keys === undefined) throw new Error('not a password');
  return keys;
};
const KEYS = {
  'SCRAM-SHA-256': await keysOf('SCRAM-SHA-256'),
  'SCRAM-SHA-512': await keysOf('SCRAM-SHA-512'),
};

function chain() {
  const clock = manualClock();
  const authenticator = createScram({
    name: 'scram',
    mechanisms: SCRAM_MECHANISMS,
    credentials: {
      find: (username) =>
        username === NAME
          ? {
              id: 's',
              name: 'S',
              username,
              clientId: null,
              enabled: true,
              expiresAt: null,
              keys: KEYS,
              superuser: false,
              rules: [],
            }
          : undefined,
    },
    crypto: scramCrypto,
    budget: {
      admit: () => ({ result: 'ok' }),
      failed: () => undefined,
      succeeded: () => undefined,
      released: () => undefined,
    },
    clock,
    iterations: 4_096,
    secret: () => bytes('a secret'),
  });
  const step = {
    authenticator,
    enabled: true,
    onError: 'deny',
    onMismatch: 'deny',
    timeoutMs: 1_000,
  } as const;
  return createChain({ name: 'default', steps: [step], anonymous: () => 'deny', clock, budgetMs: 3_000 });
}

describe('a made-up client of SCRAM', () => {
  test.each(SCRAM_MECHANISMS)('%s: is admitted by its password', async (authMethod) => {
    const attempt = attemptOf({ username: NAME, password: passwordOf('pencil'), authMethod });
    expect(await decideAsScramClient(chain(), attempt, scramCrypto)).toMatchObject({
      outcome: 'allow',
      grant: { principal: { subject: NAME } },
      trace: [{ outcome: 'allow' }],
    });
  });

  test.each([
    ['another password', { password: passwordOf('pen') }, 'SCRAM_PROOF_MISMATCH'],
    ['another name', { username: 'nobody' }, 'SCRAM_UNKNOWN_USER'],
    ['no password', { password: undefined }, 'SCRAM_DATA_MISSING'],
    ['a password that SASLprep forbids', { password: passwordOf('a\u0007') }, 'SCRAM_DATA_MISSING'],
    ['another method', { authMethod: 'GS2-KRB5' }, 'SCRAM_METHOD_UNSUPPORTED'],
    ['no method', { authMethod: undefined }, 'SCRAM_NOT_USED'],
  ])('with %s is refused as a real one is', async (_, differs, reason) => {
    const attempt = attemptOf({
      username: NAME,
      password: passwordOf('pencil'),
      authMethod: 'SCRAM-SHA-256',
      ...differs,
    });
    expect(await decideAsScramClient(chain(), attempt, scramCrypto)).toMatchObject({
      outcome: 'deny',
      reason,
    });
  });

  test('makes the proof of RFC 7677 §3', async () => {
    const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const read = readServerFirst(bytes(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`));
    if (read === undefined) throw new Error('not read');
    const authMessage = `n=user,r=rOprNGfwEbeRWgbNEkqO,${read.text},c=biws,r=${nonce}`;
    const proof = await proofOf(scramCrypto, 'sha256', bytes('pencil'), { ...read, authMessage });
    expect(toBase64(proof)).toBe('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=');
    expect(fromBase64(toBase64(read.salt))).toEqual(read.salt);
  });

  test.each(['', 'r=a,s=AA==', 'r=a,s=AA==,i=0', 'r=a,s=A,i=1', 'r=,s=AA==,i=1'])(
    'does not answer %j',
    (text) => {
      expect(readServerFirst(bytes(text))).toBeUndefined();
    },
  );
});
