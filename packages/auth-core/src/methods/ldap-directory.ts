import type { Secret } from '../secret.ts';

/** One question to a directory, ready to be sent: values are in it, each escaped for its place. */
export interface LdapQuestion {
  /** Distinguished name (RFC 4514) at which the search begins. */
  readonly base: string;
  /** Filter (RFC 4515). */
  readonly filter: string;
}

/** An entry as it came back. */
export interface LdapEntry {
  readonly dn: string;
  /** Values by the attribute's name in lower case; never to be shown. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** Why a directory gave nothing that can be used; texts carry no value that was stored or sent. */
export type LdapFault =
  /** No connection, or none on which the service account is accepted. */
  | { readonly result: 'unreachable'; readonly problem: string }
  /** No answer within `ms` milliseconds. */
  | { readonly result: 'timeout'; readonly ms: number }
  /** It answered, but not what was asked for. */
  | { readonly result: 'bad-result'; readonly problem: string };

export type LdapSearchAnswer =
  /** At most two entries: whether there is more than one is all that matters. */
  { readonly result: 'entries'; readonly entries: readonly LdapEntry[] } | LdapFault;

export type LdapBindAnswer =
  | { readonly result: 'bound' }
  /** The directory refuses this name with this password; `problem` is its result code in words. */
  | { readonly result: 'rejected'; readonly problem: string }
  | LdapFault;

/** A directory; implemented by packages/connectors. Nothing here throws or rejects. */
export interface LdapDirectory {
  /** Looks for entries as the service account. */
  readonly search: (question: LdapQuestion) => Promise<LdapSearchAnswer>;
  /**
   * Logs in with a name and a password on a connection that serves nothing else. Neither may be empty: RFC 4513 §5.1
   * makes an anonymous login of that, which succeeds.
   */
  readonly bindAs: (dn: string, password: Secret<Uint8Array>) => Promise<LdapBindAnswer>;
}

/** Whether something was found out, or the directory failed. */
export const isLdapFault = (answer: { readonly result: string }): answer is LdapFault =>
  answer.result === 'unreachable' || answer.result === 'timeout' || answer.result === 'bad-result';
