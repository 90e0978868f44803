import { type PskOrigin, Secret } from '@gatehouse/auth-core';
import type { PskLookup } from '@gatehouse/broker';
import type { ControlEvent, PskKey } from '@gatehouse/ports';

type Change = Extract<ControlEvent, { readonly kind: 'psk-keys-changed' }>;

interface Held {
  readonly key: Secret<Uint8Array>;
  readonly origin: PskOrigin;
}

/** The pre-shared keys of the store, in memory: OpenSSL asks for one in the middle of a handshake, and does not wait. */
export interface StoredPskKeys {
  readonly find: PskLookup;
  /** Puts a change in force: handshakes from now on go by it. */
  change(change: Pick<Change, 'put' | 'removed'>): void;
  /** Puts exactly these in force. */
  use(keys: readonly PskKey[]): void;
}

/** Begins without any. How many there may be is bounded where credentials are made (`CREDENTIAL_LIMITS.pskMax`). */
export function createStoredPskKeys(): StoredPskKeys {
  const byIdentity = new Map<string, Held>();
  const identities = new Map<string, string>();
  const drop = (id: string): void => {
    const identity = identities.get(id);
    identities.delete(id);
    // Another credential may have taken the name meanwhile.
    if (identity !== undefined && byIdentity.get(identity)?.origin.credentialId === id) {
      byIdentity.delete(identity);
    }
  };
  const put = ({ credentialId, identity, key, changedAt }: PskKey): void => {
    drop(credentialId);
    identities.set(credentialId, identity);
    byIdentity.set(identity, { key: new Secret(key), origin: { credentialId, keyChangedAt: changedAt } });
  };
  return {
    find: (identity) => byIdentity.get(identity),
    change: ({ put: changed, removed }) => {
      for (const id of removed) drop(id);
      for (const one of changed) put(one);
    },
    use: (keys) => {
      byIdentity.clear();
      identities.clear();
      for (const one of keys) put(one);
    },
  };
}
