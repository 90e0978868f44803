/** The families that refusals are grouped by; closed, because metric labels and colours derive from it. */
export const FAMILIES = [
  'basic',
  'x509',
  'scram',
  'jwt',
  'http',
  'source',
  'ldap',
  'tls',
  'policy',
  'protocol',
] as const;
export type Family = (typeof FAMILIES)[number];

/**
 * What the console offers as the button that fixes a refusal. Actions whose authenticator comes later are in the
 * catalogue now; the console shows the ones in its own list of implemented actions.
 */
export const FIX_ACTIONS = [
  'create-credential',
  'reset-secret',
  'accept-previous-secret',
  'enable-credential',
  'extend-credential',
  'release-session',
  'add-rules-for-cn',
  'trust-ca',
  'install-ca',
  'edit-authenticator',
  'edit-chain',
  'edit-anonymous-policy',
  'edit-listener',
  'edit-rules',
  'unblock',
  'forgive-failures',
  'block',
  'open-in-tester',
  'none',
] as const;
export type FixAction = (typeof FIX_ACTIONS)[number];

/** One entry of the reason catalogue: everything that is said about a refusal derives from it. */
export interface ReasonSpec {
  readonly family: Family;
  /** At most six words, sentence case, no full stop: the text of the table's Reason column. */
  readonly title: string;
  /** One or two sentences an operator understands without knowing the code. May use `{clientId}`, `{username}`, `{ip}`, `{listener}`, `{authenticator}`. */
  readonly cause: string;
  /** A concrete situation in which it happens. */
  readonly example: string;
  /** What to do, in words, and the console action behind the button. */
  readonly fix: { readonly text: string; readonly action: FixAction };
  /** How specific the reason is, 0–100: of several ignores the highest is shown as the primary reason (auth.md §2). */
  readonly rank: number;
  /**
   * Wire codes; null where no MQTT answer can be given (the TLS handshake failed, or the peer does not speak MQTT).
   * `v3` alone is null where 3.1.1 closes without a CONNACK ([MQTT-3.1.4-1]).
   */
  readonly connack: { readonly v3: 1 | 2 | 3 | 4 | 5 | null; readonly v5: number } | null;
  /** `later`: the authenticator or listener that gives it is not in this release; the code is reserved and described. */
  readonly since: '0.1' | 'later';
}

/** A catalogue entry without its family, as the files of the families write it. */
type Entry = Omit<ReasonSpec, 'family'>;

/** Gives the entries of one file their family. */
export const inFamily =
  (family: Family) =>
  (entry: Entry): ReasonSpec => ({ family, ...entry });
