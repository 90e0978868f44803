import { createSource, Secret, type Attempt, type GuessingBudget, type Verdict } from '@gatehouse/auth-core';
import { attemptOf, passwordOf } from '@gatehouse/auth-core/testing';
import { createHashing, parseHashRule, storedHashByRule, isInvalid, type Hashing } from '@gatehouse/hashing';
import type { SourceBackend } from '../../src/source-backend.ts';

export { attemptOf, passwordOf };

/** What connecting needs, for the account that the throwaway servers have. */
export const ACCOUNT = {
  username: 'gatehouse',
  password: new Secret('backend-secret'),
  poolSize: 4,
  connectTimeoutMs: 5_000,
  queryTimeoutMs: 5_000,
  tls: undefined,
};

/** Admits every guess, and counts what it is told. */
export function countingBudget(): GuessingBudget & { readonly told: Record<string, number> } {
  const told: Record<string, number> = { admitted: 0, failed: 0, succeeded: 0, released: 0 };
  const count = (what: string) => () => {
    told[what] = (told[what] ?? 0) + 1;
  };
  return {
    told,
    admit: () => {
      count('admitted')();
      return { result: 'ok' };
    },
    failed: count('failed'),
    succeeded: count('succeeded'),
    released: count('released'),
  };
}

const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** The real hashing with its workers. */
export const startHashing = (): Hashing => createHashing({ clock });

export function ruleOf(name: string) {
  const rule = parseHashRule(name);
  if (isInvalid(rule)) throw new Error(rule.invalid);
  return { name, read: (stored: string, salt: string | null) => storedHashByRule(rule, stored, salt) };
}

/** A client with username `emqx` and a password; say what differs. */
export const clientOf = (password: string | undefined, differs: Partial<Attempt> = {}): Attempt =>
  attemptOf({
    username: 'emqx',
    ...(password === undefined ? {} : { password: passwordOf(password) }),
    ...differs,
  });

/** The TLS of a client whose certificate has this common name, and a subject made of it. */
export const tlsOf = (commonName: string): NonNullable<Attempt['tls']> => ({
  version: 'TLSv1.3',
  cipher: 'x',
  serverName: undefined,
  certificate: {
    subject: `CN=${commonName}`,
    issuer: 'CN=ca',
    commonName,
    fingerprint: '00',
    serialNumber: '1',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
  },
  pskIdentity: undefined,
});

/** Asks an authenticator over a backend. */
export async function check(
  type: string,
  lookup: SourceBackend,
  rule: string,
  hashing: Hashing,
  attempt: Attempt,
): Promise<Verdict> {
  const source = createSource({
    name: 'devices',
    type,
    lookup,
    rule: ruleOf(rule),
    verifier: hashing.verifier,
    budget: countingBudget(),
  });
  return source.check(attempt);
}

/** Outcome and reason in one text: `deny SOURCE_PASSWORD_MISMATCH`. */
export const brief = (verdict: Verdict): string =>
  'reason' in verdict ? `${verdict.outcome} ${verdict.reason}` : verdict.outcome;
