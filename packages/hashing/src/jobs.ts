import type { ScramHash } from '@gatehouse/auth-core';
import type { StoredForm } from './stored-form.ts';

/** Work for a hash worker; the password is a copy that the worker wipes. */
export type HashJob =
  | { readonly kind: 'check'; readonly form: StoredForm; readonly password: Uint8Array }
  | { readonly kind: 'argon2id'; readonly password: Uint8Array }
  /** As many bytes as the hash has: SCRAM's `Hi` (RFC 5802 §2.2). */
  | {
      readonly kind: 'pbkdf2';
      readonly password: Uint8Array;
      readonly hash: ScramHash;
      readonly salt: Uint8Array;
      readonly iterations: number;
    };

/** What came of it: a check's answer, a new encoded hash, or a key. */
export type HashResult =
  | { readonly kind: 'check'; readonly match: boolean }
  | { readonly kind: 'argon2id'; readonly encoded: string }
  | { readonly kind: 'pbkdf2'; readonly derived: Uint8Array };

/** A worker's answer to its one job in flight, with the time it took; `failed` carries no secret. */
export type WorkerReply = { readonly result: HashResult; readonly ms: number } | { readonly failed: string };

/** The workers could not do a job: crashed, closed, or refused by the hash library. The password is not to blame. */
export class HashWorkerError extends Error {
  override readonly name = 'HashWorkerError';
}

/** Too many people's jobs are waiting. */
export class HashingBusyError extends Error {
  override readonly name = 'HashingBusyError';
}
