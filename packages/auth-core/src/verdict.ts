import type { AclRule } from './acl/rule.ts';
import type { ReasonCode } from './reasons/index.ts';

/** Values safe to store and show: never a secret. Rendered as text, always escaped. */
export type SafeDetail = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Who a session belongs to: stable when a credential is deleted and made again (auth.md §2). */
export interface Principal {
  readonly namespace: string;
  readonly subject: string;
}

/** What an admitted client gets. */
export interface Grant {
  readonly principal: Principal;
  readonly superuser: boolean;
  readonly rules: readonly AclRule[];
  /** Further lists that must each allow too: the rules of a `require` group's members intersect (auth.md §2). */
  readonly alsoWithin?: readonly (readonly AclRule[])[];
  /**
   * Ids of the stored credentials of all members of a `require` group, where one admitted. After a change of any of them
   * nothing but the whole group can say what the session may do: it ends, and the client comes back.
   */
  readonly required?: readonly string[];
  /** The built-in credential that admitted it, if one did. */
  readonly credentialId: string | undefined;
  /** Common name of the client certificate that an X.509 credential admitted: its rules by name are asked for by it. */
  readonly commonName?: string;
  /** The credential names this client ID: it may evict a squatter's session (auth.md §2). */
  readonly bindsClientId: boolean;
  /** The session must end then (milliseconds since the epoch). */
  readonly expiresAt: number | undefined;
  /** Set when the stored hash should be replaced by one of today's default; the caller rehashes off the hot path. */
  readonly rehash: boolean;
  /** No authenticator decided: the anonymous policy let it in. */
  readonly anonymous: boolean;
  /** Tags of the credential that admitted it, in a `require` group of all of them: access rules may be about them. */
  readonly tags?: readonly string[];
  /** The authenticator that is asked about each topic that no rule of its own is about. */
  readonly asks?: string;
  /**
   * Precedes every topic that the client names, and is taken off what it is sent (ADR 0027); ends with `/`. Its rules and
   * its source see the topics as the client does.
   */
  readonly mountpoint?: string;
}

/** The tags of a credential, as its grant has them. */
export const tagsOf = ({ tags }: Pick<Grant, 'tags'>): Pick<Grant, 'tags'> =>
  tags === undefined ? {} : { tags };

/**
 * What one authenticator answers: `allow`, `deny`, `ignore` ("I have no data for this client") or `error` ("I could
 * not find out"). `error` becomes `ignore` or `deny` by the step's policy, never `allow`.
 */
export type Verdict =
  | { readonly outcome: 'allow'; readonly grant: Grant; readonly detail?: SafeDetail }
  | { readonly outcome: 'deny'; readonly reason: ReasonCode; readonly detail?: SafeDetail }
  | { readonly outcome: 'ignore'; readonly reason: ReasonCode; readonly detail?: SafeDetail }
  | { readonly outcome: 'error'; readonly reason: ReasonCode; readonly detail?: SafeDetail }
  /** Too busy to find out: answered 0x89/3, never recorded as unauthorized (auth.md §3). */
  | { readonly outcome: 'busy' };

export type Outcome = Verdict['outcome'];

/** One line of the decision trace. */
export interface TraceStep {
  readonly authenticator: string;
  readonly type: string;
  readonly outcome: Outcome | 'not-asked';
  readonly reason: ReasonCode | null;
  /** Milliseconds, three decimals. */
  readonly ms: number;
  readonly detail?: SafeDetail;
}
export type Trace = readonly TraceStep[];

/** What the chain decided about an attempt. */
export type Decision =
  | { readonly outcome: 'allow'; readonly grant: Grant; readonly by: string; readonly trace: Trace }
  | {
      readonly outcome: 'deny';
      /** The primary reason (auth.md §2). */
      readonly reason: ReasonCode;
      /** The authenticator that decided, or `policy` when none did. */
      readonly by: string;
      readonly detail: SafeDetail;
      readonly trace: Trace;
    }
  | { readonly outcome: 'busy'; readonly by: string; readonly trace: Trace };
