import { randomBytes } from 'node:crypto';
import type { TLSSocket, TlsOptions } from 'node:tls';
import type { PskOrigin, Secret } from '@gatehouse/auth-core';
import type { PreSharedKeys } from '../config.ts';

/** Bytes of the key that an unknown identity is given, which nobody has. */
const DECOY_BYTES = 32;
/** Characters of an identity that are recorded; OpenSSL takes 256 bytes. */
const IDENTITY_CHARACTERS_MAX = 256;

/** What a client named in its handshake. */
export interface NamedIdentity {
  readonly identity: string;
  readonly isKnown: boolean;
  /** Whose key it was asked for; null where it is one of the file, or nobody's. */
  readonly origin: PskOrigin | null;
}

/** The pre-shared keys of a listener, as OpenSSL asks for them. */
export class PskDesk {
  readonly #keys: PreSharedKeys['keys'];
  readonly #stored: PreSharedKeys['stored'];
  readonly #named = new WeakMap<TLSSocket, NamedIdentity>();

  constructor({ keys, stored }: PreSharedKeys) {
    this.#keys = keys;
    this.#stored = stored;
  }

  /** What the client of this socket named; undefined when its handshake did not get there. */
  namedBy(socket: TLSSocket): NamedIdentity | undefined {
    return this.#named.get(socket);
  }

  /**
   * Answers with the identity's key. An unknown or empty one gets a key that nobody has: on the wire that is a wrong key
   * (auth.md §6).
   */
  readonly callback: NonNullable<TlsOptions['pskCallback']> = (socket, identity) => {
    const { key, named } = this.find(identity);
    this.#named.set(socket, named);
    return key?.reveal() ?? randomBytes(DECOY_BYTES);
  };

  /** Whose identity this is; an empty one is nobody's. */
  find(identity: string): { readonly key: Secret<Uint8Array> | undefined; readonly named: NamedIdentity } {
    const stored = identity === '' ? undefined : this.#stored?.(identity);
    const key = identity === '' ? undefined : (stored?.key ?? this.#keys.value.get(identity));
    return {
      key,
      named: {
        identity: identity.slice(0, IDENTITY_CHARACTERS_MAX),
        isKnown: key !== undefined,
        origin: stored?.origin ?? null,
      },
    };
  }
}
