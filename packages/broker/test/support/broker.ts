import {
  type AclRule,
  type AnonymousPolicy,
  createBuiltin,
  createChain,
  DEFAULT_RULES,
  type PasswordVerifier,
  type StoredCredential,
} from '@gatehouse/auth-core';
import type { AcceptedLogin, AttemptSink, Clock, RefusedAttempt } from '@gatehouse/ports';
import {
  type Broker,
  type BrokerOptions,
  createBroker,
  type ListenerConfig,
  systemClock,
} from '../../src/index.ts';

/** A credential as a test writes it; the password stands in the record as it is. */
export interface TestCredential {
  readonly id?: string;
  readonly username?: string;
  readonly clientId?: string;
  readonly password: string;
  readonly superuser?: boolean;
  readonly rules?: readonly AclRule[];
}

/** Keeps what the broker reports, and lets a test wait for it. */
export class RecordingSink implements AttemptSink {
  readonly refusals: RefusedAttempt[] = [];
  readonly logins: AcceptedLogin[] = [];
  readonly leaves: string[] = [];
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  refused(attempt: RefusedAttempt): void {
    this.refusals.push(attempt);
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.refusals.length < count) return true;
      resolve();
      return false;
    });
  }

  accepted(login: AcceptedLogin): void {
    this.logins.push(login);
  }

  left(clientId: string): void {
    this.leaves.push(clientId);
  }

  /** Resolves with the refusal of that number, counted from 1. */
  async refusal(count = 1): Promise<RefusedAttempt> {
    if (this.refusals.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
    }
    return this.refusals[count - 1]!;
  }
}

const plainVerifier: PasswordVerifier = {
  peek: () => undefined,
  verify: ({ hash, password }) => {
    const matches = Buffer.from(password.reveal()).toString() === hash;
    return matches
      ? { result: 'match', needsRehash: false, cached: false }
      : { result: 'mismatch', cached: false };
  },
};

export function toStored(credential: TestCredential, index = 0): StoredCredential {
  return {
    id: credential.id ?? `credential-${index}`,
    version: 1,
    name: credential.username ?? credential.clientId ?? 'test',
    username: credential.username ?? null,
    clientId: credential.clientId ?? null,
    enabled: true,
    expiresAt: null,
    secretHash: credential.password,
    previousSecret: null,
    passwordless: false,
    superuser: credential.superuser ?? false,
    rules: credential.rules ?? DEFAULT_RULES,
    secretChangedAt: 0,
  };
}

/** A real chain of auth-core over credentials in memory. */
export function testChain(
  credentials: readonly TestCredential[],
  anonymous: AnonymousPolicy,
  clock: Clock,
  verifier: PasswordVerifier = plainVerifier,
) {
  const stored = credentials.map(toStored);
  const builtin = createBuiltin({
    name: 'builtin',
    strategy: 'both',
    source: {
      find: ({ username, clientId }) =>
        stored.filter((one) => {
          if (!('username' in one)) return false;
          return (
            (one.username === null || one.username === username) &&
            (one.clientId === null || one.clientId === clientId)
          );
        }),
    },
    verifier,
    budget: {
      admit: () => ({ result: 'ok' }),
      failed: () => undefined,
      succeeded: () => undefined,
      released: () => undefined,
    },
    clock,
  });
  return createChain({
    name: 'default',
    steps: [{ authenticator: builtin, enabled: true, timeoutMs: 1_000, onError: 'deny', onMismatch: 'deny' }],
    anonymous: () => anonymous,
    clock,
    budgetMs: 3_000,
  });
}

export interface TestBroker {
  readonly broker: Broker;
  readonly sink: RecordingSink;
  readonly port: number;
  readonly wsPort: number;
}

export interface TestBrokerOptions extends Partial<Omit<BrokerOptions, 'attempts' | 'listeners'>> {
  readonly credentials?: readonly TestCredential[];
  readonly anonymous?: AnonymousPolicy;
  readonly tcp?: Partial<ListenerConfig>;
  readonly ws?: Partial<ListenerConfig>;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A broker with a TCP and a WebSocket listener on free ports. The caller stops it. */
export async function startBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const { credentials = [], anonymous = 'allow', tcp: ofTcp, ws, clock = systemClock, ...rest } = options;
  const sink = new RecordingSink();
  const chain = testChain(credentials, anonymous, clock);
  const local = { host: '127.0.0.1', port: 0, chain: 'default' };
  const broker = createBroker({
    listeners: [
      { ...local, name: 'tcp', transport: 'tcp', ...ofTcp },
      { ...local, name: 'ws', transport: 'ws', ...ws },
    ],
    chains: () => chain,
    attempts: sink,
    clock,
    log: silent,
    node: 'test',
    // The load of the machine that runs the tests is nobody's business here.
    load: () => 0,
    ...rest,
  });
  await broker.start();
  const [tcp, web] = broker.listeners();
  return { broker, sink, port: tcp?.port ?? 0, wsPort: web?.port ?? 0 };
}
