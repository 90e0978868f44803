import type { BasicCredential } from '../credential.ts';
import type { LookupStrategy } from '../needs.ts';
import { type Grant, type SafeDetail, tagsOf, type Verdict } from '../verdict.ts';
import type { Candidate, Candidates } from './builtin-candidates.ts';
import type { Search } from './builtin-search.ts';
import { hashFormOf } from './hash-form.ts';

const LOOKED_UP_BY: Readonly<Record<LookupStrategy, string>> = {
  username: 'username',
  clientid: 'client ID',
  both: 'username, client ID, and the two together',
};

/** Nobody in the store goes by what the client calls itself. */
export const noCredentials = (strategy: LookupStrategy): Verdict => ({
  outcome: 'ignore',
  reason: 'BASIC_NO_CREDENTIALS',
  detail: { lookedUpBy: LOOKED_UP_BY[strategy] },
});

/** The secret verified. */
export function admitBySecret({ candidate, needsRehash }: Extract<Search, { result: 'match' }>): Verdict {
  const { credential, hash, secret } = candidate;
  return admit(credential, { secret, hashForm: hashFormOf(hash) }, needsRehash && secret === 'current');
}

/** The identity is all that the credential asks for. */
export const admitPasswordless = (credential: BasicCredential): Verdict =>
  admit(credential, { secret: 'none needed' }, false);

/** What a session gets that this credential admitted. */
export const grantOf = (credential: BasicCredential, rehash: boolean): Grant => ({
  principal: principalOf(credential),
  superuser: credential.superuser,
  rules: credential.rules,
  credentialId: credential.id,
  bindsClientId: credential.clientId !== null,
  expiresAt: credential.expiresAt ?? undefined,
  rehash,
  anonymous: false,
  ...tagsOf(credential),
});

function admit(credential: BasicCredential, proof: SafeDetail, rehash: boolean): Verdict {
  return {
    outcome: 'allow',
    grant: grantOf(credential, rehash),
    detail: { ...identified(credential), ...proof },
  };
}

/**
 * Stable when the credential is deleted and made again. A credential without a username has a namespace of its own:
 * the user `a` must not own the sessions of the device whose client ID is `a`.
 */
const principalOf = ({ username, clientId }: BasicCredential): { namespace: string; subject: string } =>
  username === null
    ? { namespace: 'builtin-clientid', subject: String(clientId) }
    : { namespace: 'builtin', subject: username };

/** Nothing to verify: the client sent no password, and no usable credential does without. */
export function refuseWithoutPassword(candidates: Candidates): Verdict {
  const [held] = candidates.passwordless;
  if (held !== undefined) return refuseHeld(held);
  const credential = candidates.secrets[0]?.credential ?? candidates.withoutSecret[0];
  if (credential === undefined) return refuseUnparsable(candidates, []);
  return {
    outcome: 'deny',
    reason: 'BASIC_PASSWORD_MISSING',
    detail: { ...identified(credential), ...unreadable(candidates) },
  };
}

/** A password came and admitted nobody. */
export function refuseWithPassword(
  candidates: Candidates,
  search: Extract<Search, { result: 'none' }>,
): Verdict {
  const held = search.held ?? candidates.passwordless[0];
  if (held !== undefined) return refuseHeld(held);
  const credential = search.mismatched[0] ?? candidates.withoutSecret[0];
  if (credential === undefined) return refuseUnparsable(candidates, search.invalidHashes);
  const { secretHash } = credential;
  const stored = secretHash === null ? { secretSet: false } : { hashForm: hashFormOf(secretHash) };
  return {
    outcome: 'deny',
    reason: 'BASIC_PASSWORD_MISMATCH',
    detail: { ...identified(credential), ...stored, ...unreadable(candidates) },
  };
}

/** Told only to who knows the secret, or where there is none to know (auth.md §3). */
const refuseHeld = ({ credential, standing }: Candidate): Verdict => ({
  outcome: 'deny',
  reason: standing === 'disabled' ? 'CREDENTIAL_DISABLED' : 'CREDENTIAL_EXPIRED',
  detail: {
    ...identified(credential),
    ...(credential.expiresAt === null ? {} : { expiresAt: new Date(credential.expiresAt).toISOString() }),
  },
});

/** There is no record that can be read: the first that cannot says why. */
function refuseUnparsable(
  { unparsable }: Candidates,
  invalidHashes: Extract<Search, { result: 'none' }>['invalidHashes'],
): Verdict {
  const [problem]: readonly SafeDetail[] = [
    ...unparsable.map((record) => ({ credentialId: record.id, problem: record.unparsable })),
    ...invalidHashes.map(({ credential, found }) => ({ ...identified(credential), problem: found })),
  ];
  return { outcome: 'deny', reason: 'BASIC_CREDENTIALS_UNPARSABLE', detail: { ...problem } };
}

/** Refused without hashing: too many failures before this one (auth.md §9). */
export const refuseThrottled = ({ until, failures }: Extract<Search, { result: 'throttled' }>): Verdict => ({
  outcome: 'deny',
  reason: 'TOO_MANY_FAILURES',
  detail: { until: new Date(until).toISOString(), failures },
});

const identified = ({ id, name, username, clientId }: BasicCredential): SafeDetail => ({
  credentialId: id,
  credential: name,
  matchedBy: username === null ? 'client ID' : clientId === null ? 'username' : 'username and client ID',
});

/** Says that a record was passed over, where that may be why nobody was admitted. */
const unreadable = ({ unparsable }: Candidates): SafeDetail =>
  unparsable.length === 0 ? {} : { unreadableCredentials: unparsable.map(({ id }) => id) };
