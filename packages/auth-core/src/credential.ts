import type { AclRule } from './acl/rule.ts';

/**
 * A stored secret in self-describing form (PHC style or EMQX's `ALGORITHM[,salt position]:hex[:salt]`); never plain
 * text, and still not to be shown: it is what a thief would crack.
 */
export type StoredHash = string;

/** A basic credential as the data plane sees it: what is needed to decide, and nothing else. */
export interface BasicCredential {
  readonly id: string;
  /** Raised by every change; part of the verified cache's key, so that a change voids what was verified before. */
  readonly version: number;
  readonly name: string;
  /** At least one of username and client ID is set. */
  readonly username: string | null;
  readonly clientId: string | null;
  readonly enabled: boolean;
  /** Milliseconds since the epoch; null never expires. */
  readonly expiresAt: number | null;
  /** Null when the credential has no password: it then admits only if `passwordless`. */
  readonly secretHash: StoredHash | null;
  /** The secret before the last rotation and until when it is still accepted (milliseconds since the epoch). */
  readonly previousSecret: { readonly hash: StoredHash; readonly validUntil: number } | null;
  readonly passwordless: boolean;
  readonly superuser: boolean;
  readonly rules: readonly AclRule[];
  /** Global access rules may be about them; absent: none. */
  readonly tags?: readonly string[];
  /** When the secret last changed, for the likely cause in the console. */
  readonly secretChangedAt: number;
}

/** A record that is there but cannot be read: `BASIC_CREDENTIALS_UNPARSABLE`. */
export interface UnparsableCredential {
  readonly id: string;
  readonly version: number;
  readonly unparsable: string;
}

export type StoredCredential = BasicCredential | UnparsableCredential;
