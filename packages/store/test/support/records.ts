import { createHash } from 'node:crypto';
import { sampleOf } from '@gatehouse/auth-core';
import type {
  Actor,
  AcceptedLogin,
  AttemptBatch,
  AttemptDelta,
  CredentialWrite,
  RefusedAttempt,
} from '@gatehouse/ports';

export const ALICE: Actor = { kind: 'user', id: 'alice', name: 'Alice' };
export const BOB: Actor = { kind: 'user', id: 'bob', name: 'Bob' };

export function credential(values: Partial<CredentialWrite> = {}): CredentialWrite {
  return {
    name: 'a credential',
    username: null,
    clientId: null,
    secretHash: 'stored-hash',
    hashFormat: 'argon2id',
    secretKind: 'chosen',
    passwordless: false,
    superuser: false,
    enabled: true,
    expiresAt: null,
    description: '',
    tags: [],
    rules: [{ permission: 'allow', action: 'all', topic: '#' }],
    source: 'api',
    ...values,
  };
}

export function keyOf(clientId: string): string {
  return createHash('sha256').update(clientId).digest('hex');
}

let sequence = 0;

/** One refusal as the recorder reports it; the reference is unique. */
export function delta(
  values: Partial<RefusedAttempt> & { readonly attempts?: number; readonly key?: string } = {},
): AttemptDelta {
  sequence += 1;
  const { attempts = 1, key, secret: _, ...facts } = values;
  const last = {
    ref: `ref-${sequence}`,
    at: 1_000,
    reason: 'BASIC_PASSWORD_MISMATCH',
    detail: {},
    connackCode: 134,
    authenticator: 'builtin',
    clientId: 'device',
    username: 'user',
    passwordProvided: true,
    tlsUsed: false,
    ip: '192.0.2.1',
    listener: 'tcp',
    protocol: 5,
    keepAliveSeconds: 60,
    cleanStart: true,
    certificate: null,
    pskIdentity: null,
    trace: [],
    clientIdTruncated: false,
    ...facts,
  } as const satisfies AttemptDelta['last'];
  const { at, username, reason, listener } = last;
  const network = last.ip.includes(':')
    ? '2001:db8::/64'
    : `${last.ip.slice(0, last.ip.lastIndexOf('.'))}.0/24`;
  return {
    key: key ?? keyOf(last.clientId ?? `${listener} ${network}`),
    attempts,
    firstAt: at,
    last,
    history: {
      ips: [last.ip],
      samples: [sampleOf(last)],
      signatures: [
        { username, network, reason, listener, attempts, firstAt: at, lastAt: at, resolved: false },
      ],
    },
    evidence: {
      distinctSecrets: 1,
      distinctSecretsCapped: false,
      mismatchHints: [],
      interval: null,
      lastGoodLogin: null,
    },
  };
}

export function login(values: Partial<AcceptedLogin> = {}): AcceptedLogin {
  return {
    at: 2_000,
    clientId: 'device',
    username: 'user',
    credentialId: null,
    ip: '192.0.2.1',
    listener: 'tcp',
    tlsUsed: false,
    protocol: 5,
    ...values,
  };
}

export function batch(deltas: readonly AttemptDelta[], logins: readonly AcceptedLogin[] = []): AttemptBatch {
  return { deltas, logins, aggregates: [], node: 'node-1' };
}
