import type { BasicCredential, Secret } from '@gatehouse/auth-core';
import type { MismatchHint } from './attempts.ts';

/** A new stored hash and the name of its form. */
export interface HashedSecret {
  readonly hash: string;
  /** `argon2id`, `sha256-salted`, `bcrypt`, `pbkdf2-sha256`, … */
  readonly format: string;
}

/** Makes and checks hashes for the control plane (credentials, people); slow work runs on the hash workers. */
export interface PasswordHasher {
  /** A device secret of at least 128 bits in URL-safe text, with its fast salted SHA-256. */
  generate(): HashedSecret & { readonly secret: string };
  /** argon2id, 19 MiB, t=2. */
  hashChosen(password: Secret<string>): Promise<HashedSecret>;
  /**
   * SCRAM keys of a password for all mechanisms, as `readScramKeys` reads them; format `scram`. `invalid` says what
   * SASLprep has against it. Rejects as `hashChosen` does.
   */
  hashScram(
    password: Secret<string>,
    iterations: number,
    /** Stored keys whose salts are taken where the iterations are the same: one exchange then checks either password. */
    like?: string,
  ): Promise<HashedSecret | { readonly invalid: string }>;
  /** For people's logins; does the real work for unknown users too when `hash` is null (a dummy hash). */
  verifyPerson(
    hash: string | null,
    password: Secret<string>,
  ): Promise<{ readonly ok: boolean; readonly needsRehash: boolean } | 'busy'>;
  /** Names the form of a stored hash, or says what is wrong with it; for imports. */
  describe(hash: string): { readonly format: string } | { readonly invalid: string };
}

/** Works out why a secret did not match (auth.md §10), off the hot path and within a budget. */
export interface MismatchInspector {
  hints(
    credential: BasicCredential,
    username: string | null,
    password: Secret<Uint8Array>,
    others: readonly BasicCredential[],
  ): Promise<readonly MismatchHint[]>;
}
