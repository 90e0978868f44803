import type { AclRule } from '../acl/rule.ts';
import type { MaybePromise } from '../needs.ts';

/** A credential with a pre-shared key, as the data plane sees it: the key itself was asked for in the handshake. */
export interface PskCredential {
  readonly id: string;
  readonly name: string;
  readonly identity: string;
  readonly enabled: boolean;
  /** Milliseconds since the epoch; null never expires. */
  readonly expiresAt: number | null;
  /** When its key was set, milliseconds since the epoch. */
  readonly keyChangedAt: number;
  readonly superuser: boolean;
  readonly rules: readonly AclRule[];
  /** Global access rules may be about them; absent: none. */
  readonly tags?: readonly string[];
}

/** A record that is there and cannot be read: `unparsable` says why, without any of it. */
export type StoredPskCredential = PskCredential | { readonly id: string; readonly unparsable: string };

/** Where credentials with pre-shared keys come from. */
export interface PskCredentials {
  /** The credential of an identity; `unavailable` when the store cannot be asked. */
  find(identity: string): MaybePromise<StoredPskCredential | undefined | 'unavailable'>;
}
