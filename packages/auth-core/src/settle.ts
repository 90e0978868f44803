import type { ReasonCode } from './reasons/index.ts';
import type { Verdict } from './verdict.ts';

/** What a step makes of an authenticator that could not find out, or whose secret did not match. */
export interface StepPolicy {
  readonly onError: 'deny' | 'ignore';
  /** `ignore` lets the next step try a secret that this one does not know; it never softens any other refusal. */
  readonly onMismatch: 'deny' | 'ignore';
  /** What single reasons do, whatever the two above say: for the matrix of another system. Never about an `allow`. */
  readonly rulings?: ReadonlyMap<ReasonCode, 'deny' | 'ignore'>;
}

type AllowVerdict = Extract<Verdict, { outcome: 'allow' }>;
type BusyVerdict = Extract<Verdict, { outcome: 'busy' }>;
type ReasonedVerdict = Exclude<Verdict, AllowVerdict | BusyVerdict>;

/** A verdict and what the step's policy makes of it; `allow` comes from an `allow` and from nothing else. */
export type Settled =
  | { readonly effect: 'allow'; readonly verdict: AllowVerdict }
  | { readonly effect: 'busy'; readonly verdict: BusyVerdict }
  | { readonly effect: 'deny' | 'ignore'; readonly verdict: ReasonedVerdict };

/** Refusals that say "this secret is not the one I know", to which `onMismatch` applies. */
const MISMATCHES: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'BASIC_PASSWORD_MISMATCH',
  'BASIC_PASSWORD_MISSING',
  'SCRAM_PROOF_MISMATCH',
  'JWT_SIGNATURE_INVALID',
  'JWT_CLAIM_MISMATCH',
  'SOURCE_PASSWORD_MISMATCH',
  'SOURCE_PASSWORD_MISSING',
  'LDAP_BIND_REJECTED',
  'LDAP_PASSWORD_MISMATCH',
  'LDAP_PASSWORD_MISSING',
]);

/** Applies a step's policy to what its authenticator answered. */
export function settle(verdict: Verdict, policy: StepPolicy): Settled {
  if (verdict.outcome === 'deny' || verdict.outcome === 'error') {
    const ruling = policy.rulings?.get(verdict.reason);
    if (ruling !== undefined) return { effect: ruling, verdict };
  }
  switch (verdict.outcome) {
    case 'allow':
      return { effect: 'allow', verdict };
    case 'busy':
      return { effect: 'busy', verdict };
    case 'ignore':
      return { effect: 'ignore', verdict };
    case 'error':
      return { effect: policy.onError, verdict };
    case 'deny':
      return { effect: MISMATCHES.has(verdict.reason) ? policy.onMismatch : 'deny', verdict };
  }
}
