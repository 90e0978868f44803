import { randomBytes } from 'node:crypto';
import type { TLSSocket, TlsOptions } from 'node:tls';
import type { PreSharedKeys } from '../config.ts';

/** Bytes of the key that an unknown identity is given, which nobody has. */
const DECOY_BYTES = 32;
/** Characters of an identity that are recorded; OpenSSL takes 256 bytes. */
const IDENTITY_CHARACTERS_MAX = 256;

/** What a client named in its handshake. */
export interface NamedIdentity {
  readonly identity: string;
  readonly isKnown: boolean;
}

/** The pre-shared keys of a listener, as OpenSSL asks for them. */
export class PskDesk {
  readonly #keys: PreSharedKeys['keys'];
  readonly #named = new WeakMap<TLSSocket, NamedIdentity>();

  constructor({ keys }: PreSharedKeys) {
    this.#keys = keys;
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
    const key = identity === '' ? undefined : this.#keys.value.get(identity);
    this.#named.set(socket, {
      identity: identity.slice(0, IDENTITY_CHARACTERS_MAX),
      isKnown: key !== undefined,
    });
    return key?.reveal() ?? randomBytes(DECOY_BYTES);
  };
}
