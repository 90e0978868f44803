import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { scramCrypto } from '../../hashing/src/scram.ts';
import type { Attempt } from '../src/attempt.ts';
import {
  createScramExchange,
  type ScramCredential,
  type ScramOptions,
  type StoredScramCredential,
} from '../src/methods/scram.ts';
import {
  deriveScramKeys,
  SCRAM_HASHES,
  SCRAM_MECHANISMS,
  type ScramMechanism,
  scramKeysProblem,
} from '../src/methods/scram-secret.ts';
import type { ExchangeStep } from '../src/needs.ts';
import { attemptOf, manualClock } from '../src/testing/index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

async function keysOf(mechanism: ScramMechanism, password: string) {
  const salt = bytes('the salt of a user');
  const keys = await deriveScramKeys(scramCrypto, mechanism, password, { salt, iterations: 4_096 });
  if (keys === undefined) throw new Error('not a password');
  return keys;
}

const KEYS = {
  'SCRAM-SHA-256': await keysOf('SCRAM-SHA-256', 'pencil'),
  'SCRAM-SHA-512': await keysOf('SCRAM-SHA-512', 'pencil'),
};

/** As after a reset: another salt. */
const OTHER_KEYS = {
  'SCRAM-SHA-256': { ...KEYS['SCRAM-SHA-256'], salt: bytes('another salt of it') },
};

const credentialOf = (differs: Partial<ScramCredential> = {}): ScramCredential => ({
  id: 'scram-1',
  name: 'Pump 7',
  username: 'user',
  clientId: null,
  enabled: true,
  expiresAt: null,
  keys: KEYS,
  superuser: false,
  rules: [],
  ...differs,
});

interface World {
  readonly record?: StoredScramCredential | undefined | 'unavailable';
  readonly refused?: 'busy' | 'refused';
  readonly options?: Partial<ScramOptions>;
}

function worldOf(world: World = {}) {
  const told: string[] = [];
  const asked: string[] = [];
  const record = 'record' in world ? world.record : credentialOf();
  const scram = createScramExchange({
    name: 'scram',
    mechanisms: SCRAM_MECHANISMS,
    credentials: {
      find: (username) => {
        asked.push(username);
        return Promise.resolve(username === 'user' || username === 'a,b=c' ? record : undefined);
      },
    },
    crypto: scramCrypto,
    budget: {
      admit: () => {
        told.push('admitted');
        if (world.refused === 'busy') return { result: 'busy' };
        return world.refused === 'refused' ? { result: 'refused', until: 0, failures: 9 } : { result: 'ok' };
      },
      failed: () => void told.push('failed'),
      succeeded: () => void told.push('succeeded'),
      released: () => void told.push('released'),
    },
    clock: manualClock(),
    iterations: 4_096,
    secret: () => bytes('a secret of the process'),
    ...world.options,
  });
  return { scram, told, asked };
}

type Continue = Extract<ExchangeStep, { outcome: 'continue' }>;
type Decided = Extract<ExchangeStep, { outcome: 'decided' }>;

const asking = (step: ExchangeStep): Continue => {
  if (step.outcome !== 'continue') throw new Error(`decided: ${JSON.stringify(step.verdict)}`);
  return step;
};
const settled = (step: ExchangeStep): Decided => {
  if (step.outcome !== 'decided') throw new Error('not decided');
  return step;
};
const reasonOf = (step: ExchangeStep): string => {
  const { verdict } = settled(step);
  return 'reason' in verdict ? verdict.reason : verdict.outcome;
};

/** A client of its own, after RFC 5802 §3, that shares nothing with the server's side. */
function clientOf(mechanism: ScramMechanism, password: string, username = 'user', header = 'n,,') {
  const hash = SCRAM_HASHES[mechanism];
  const bare = `n=${username},r=fyko+d2lbbFgONRv9qkxdawL`;
  const hmac = (key: Uint8Array, data: string) => createHmac(hash, key).update(data).digest();
  return {
    first: bytes(header + bare),
    final: (question: Uint8Array, differs: { nonce?: string; binding?: string } = {}) => {
      const [r = '', s = '', i = ''] = text(question).split(',');
      const binding = differs.binding ?? `c=${btoa(header)}`;
      const withoutProof = `${binding},${differs.nonce ?? r}`;
      const message = `${bare},${text(question)},${withoutProof}`;
      const salted = pbkdf2Sync(
        password,
        Buffer.from(s.slice(2), 'base64'),
        Number(i.slice(2)),
        hash === 'sha256' ? 32 : 64,
        hash,
      );
      const clientKey = hmac(salted, 'Client Key');
      const signature = hmac(createHash(hash).update(clientKey).digest(), message);
      const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
      return {
        data: bytes(`${withoutProof},p=${proof.toString('base64')}`),
        expected: `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`,
      };
    },
  };
}

async function run(
  world: World,
  password: string,
  {
    mechanism = 'SCRAM-SHA-256',
    username = 'user',
    header = 'n,,',
    attempt = {},
  }: {
    mechanism?: ScramMechanism;
    username?: string;
    header?: string;
    attempt?: Partial<Attempt>;
  } = {},
) {
  const { scram, told, asked } = worldOf(world);
  const client = clientOf(mechanism, password, username, header);
  const question = asking(await scram.begin(mechanism, attemptOf(attempt), client.first));
  const final = client.final(question.data);
  const end = settled(await question.answer(final.data));
  return { end, expected: final.expected, question: text(question.data), told, asked };
}

describe('stored keys', () => {
  const keys = KEYS['SCRAM-SHA-256'];
  test.each([
    ['too few iterations', { ...keys, iterations: 4_095 }, 'iterations'],
    ['too many iterations', { ...keys, iterations: 1_000_001 }, 'iterations'],
    ['half an iteration', { ...keys, iterations: 4_096.5 }, 'iterations'],
    ['a short salt', { ...keys, salt: new Uint8Array(7) }, 'salt'],
    ['a long salt', { ...keys, salt: new Uint8Array(65) }, 'salt'],
    ['a short key', { ...keys, storedKey: new Uint8Array(31) }, 'key'],
    ['a long server key', { ...keys, serverKey: new Uint8Array(64) }, 'key'],
  ])('with %s are not used', (_what, given, problem) => {
    expect(scramKeysProblem(given, 'SCRAM-SHA-256')).toContain(problem);
  });

  test('are made of no forbidden and no empty password', () => {
    const how = { salt: keys.salt, iterations: 4_096 };
    expect(deriveScramKeys(scramCrypto, 'SCRAM-SHA-256', 'a\u0007', how)).toBeUndefined();
    expect(deriveScramKeys(scramCrypto, 'SCRAM-SHA-256', '\u00ad', how)).toBeUndefined();
  });
});

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

  test.each(['wrong', 'Pencil', ' '])(
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

const old = await keysOf('SCRAM-SHA-256', 'crayon');

describe('the password before', () => {
  const clock = manualClock();
  const now = clock.now();
  const outcomeFor = async (password: string, previous: ScramCredential['previous']): Promise<string> => {
    const record = credentialOf(previous === undefined ? {} : { previous });
    const { scram } = worldOf({ record, options: { clock } });
    const client = clientOf('SCRAM-SHA-256', password);
    const step = asking(await scram.begin('SCRAM-SHA-256', attemptOf({}), client.first));
    return reasonOf(await step.answer(client.final(step.data).data));
  };

  test('is accepted beside the new one until its time is over', async () => {
    const previous = { keys: { 'SCRAM-SHA-256': old }, validUntil: now + 1 };
    expect(await outcomeFor('crayon', previous)).toBe('allow');
    expect(await outcomeFor('pencil', previous)).toBe('allow');
    expect(await outcomeFor('chalk', previous)).toBe('SCRAM_PROOF_MISMATCH');
    expect(await outcomeFor('crayon', { ...previous, validUntil: now })).toBe('SCRAM_PROOF_MISMATCH');
  });

  test('is not, where it was kept under another salt: the exchange asked under the new one', async () => {
    const keys = { 'SCRAM-SHA-256': { ...old, salt: bytes('another salt of it') } };
    expect(await outcomeFor('crayon', { keys, validUntil: now + 1 })).toBe('SCRAM_PROOF_MISMATCH');
  });
});
