import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { scramCrypto } from '../../../hashing/src/scram.ts';
import type { Attempt } from '../../src/attempt.ts';
import {
  createScramExchange,
  type ScramCredential,
  type ScramOptions,
  type StoredScramCredential,
} from '../../src/methods/scram.ts';
import {
  deriveScramKeys,
  SCRAM_HASHES,
  SCRAM_MECHANISMS,
  type ScramMechanism,
} from '../../src/methods/scram-secret.ts';
import type { ExchangeStep } from '../../src/needs.ts';
import { attemptOf, manualClock } from '../../src/testing/index.ts';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array): string => new TextDecoder().decode(data);

export async function keysOf(mechanism: ScramMechanism, password: string) {
  const salt = bytes('the salt of a user');
  const keys = await deriveScramKeys(scramCrypto, mechanism, password, { salt, iterations: 4_096 });
  if (keys === undefined) throw new Error('not a password');
  return keys;
}

export const KEYS = {
  'SCRAM-SHA-256': await keysOf('SCRAM-SHA-256', 'pencil'),
  'SCRAM-SHA-512': await keysOf('SCRAM-SHA-512', 'pencil'),
};

export const credentialOf = (differs: Partial<ScramCredential> = {}): ScramCredential => ({
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

export function worldOf(world: World = {}) {
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

export const asking = (step: ExchangeStep): Continue => {
  if (step.outcome !== 'continue') throw new Error(`decided: ${JSON.stringify(step.verdict)}`);
  return step;
};
export const settled = (step: ExchangeStep): Decided => {
  if (step.outcome !== 'decided') throw new Error('not decided');
  return step;
};
export const reasonOf = (step: ExchangeStep): string => {
  const { verdict } = settled(step);
  return 'reason' in verdict ? verdict.reason : verdict.outcome;
};

/** A client of its own, after RFC 5802 §3, that shares nothing with the server's side. */
export function clientOf(mechanism: ScramMechanism, password: string, username = 'user', header = 'n,,') {
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

export async function run(
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
