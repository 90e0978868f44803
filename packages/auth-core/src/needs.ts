import type { Attempt } from './attempt.ts';
import type { BasicCredential, StoredCredential, StoredHash } from './credential.ts';
import type { Secret } from './secret.ts';
import type { Verdict } from './verdict.ts';

/** Time, injected: wall clock for what is shown and expires, monotonic for durations. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds, monotonic, with fractions. */
  monotonic(): number;
  /** Calls back once after `ms`; returns a function that cancels. */
  after(ms: number, run: () => void): () => void;
}

/** A value now or later: cache hits answer at once and cost no promise. */
export type MaybePromise<T> = T | Promise<T>;

export type LookupStrategy = 'username' | 'clientid' | 'both';

/** Where built-in credentials come from; `unavailable` when the store cannot be asked. */
export interface CredentialSource {
  /**
   * All basic credentials that may speak for this pair: those naming only the username, only the client ID, or
   * exactly both, as the strategy says.
   */
  find(query: {
    readonly username: string | undefined;
    readonly clientId: string;
    readonly strategy: LookupStrategy;
  }): MaybePromise<readonly StoredCredential[] | 'unavailable'>;
}

/** What verifying a password against a stored hash gives. */
export type Verification =
  | { readonly result: 'match'; readonly needsRehash: boolean; readonly cached: boolean }
  | { readonly result: 'mismatch'; readonly cached: boolean }
  /** The stored text is in no form that is understood. */
  | { readonly result: 'invalid-hash'; readonly found: string }
  /** The hash queue is full (bounded by time): answer "busy". */
  | { readonly result: 'busy' };

/** Verifies passwords; implemented by packages/hashing with its workers and verified cache. */
export interface PasswordVerifier {
  /** What the verified cache knows, without doing any work; undefined when it knows nothing. */
  peek(subject: VerificationSubject): Verification | undefined;
  verify(subject: VerificationSubject): MaybePromise<Verification>;
}

/** The identity of a verification in the verified cache, and the work itself. */
export interface VerificationSubject {
  readonly authenticator: string;
  readonly identity: string;
  readonly version: number;
  readonly hash: StoredHash;
  readonly password: Secret<Uint8Array>;
}

/** Whose secret is guessed at: a username, or a client ID where no username speaks for the client. */
export interface GuessedIdentity {
  readonly by: 'username' | 'clientId';
  readonly value: string;
}

/**
 * The guessing budget (auth.md §9): asked before work is done, told what came of it. `tried` are the identities whose
 * stored secrets are verified, whatever else the client calls itself; without it the attempt's own name counts.
 */
export interface GuessingBudget {
  /**
   * May hash or backend work be done for this attempt now? `ok` takes a guess until `failed`, `succeeded` or
   * `released` says what came of it, so that many at once gain nothing. `refused` carries until when, milliseconds
   * since the epoch; `busy`: only guesses under way stand in the way, which may all turn out right.
   */
  admit(
    attempt: Attempt,
    tried?: readonly GuessedIdentity[],
  ):
    | { readonly result: 'ok' }
    | { readonly result: 'busy' }
    | { readonly result: 'refused'; readonly until: number; readonly failures: number };
  failed(attempt: Attempt, tried?: readonly GuessedIdentity[]): void;
  /** `proved` is the identity whose secret was right; only its failures are forgotten. */
  succeeded(attempt: Attempt, tried?: readonly GuessedIdentity[], proved?: GuessedIdentity): void;
  /** Nothing was guessed: the verifier was busy, or nothing had to be verified. */
  released(attempt: Attempt, tried?: readonly GuessedIdentity[]): void;
}

/** What an exchange says next: a question to the client, or what came of it with the last data for the client. */
export type ExchangeStep =
  | {
      readonly outcome: 'continue';
      readonly data: Uint8Array;
      /** Takes the client's answer. */
      readonly answer: (data: Uint8Array | undefined) => MaybePromise<ExchangeStep>;
    }
  | { readonly outcome: 'decided'; readonly verdict: Verdict; readonly data: Uint8Array | undefined };

/** Enhanced authentication (MQTT 5.0 §4.12) as an authenticator serves it; each run holds its own state. */
export interface Exchange {
  /**
   * Begins with the method and the data of CONNECT, or of the AUTH by which a client asks to be authenticated again.
   * `ignore` leaves the client to the next step; once a question was asked there is none.
   */
  begin(method: string, attempt: Attempt, data: Uint8Array | undefined): MaybePromise<ExchangeStep>;
}

/** One enabled method of a chain. `check` answers a verdict and does not throw for anything a peer can cause. */
export interface Authenticator {
  readonly name: string;
  readonly type: string;
  check(attempt: Attempt): MaybePromise<Verdict>;
  /** Serves clients that ask for enhanced authentication; where it is absent they are another step's business. */
  readonly exchange?: Exchange;
}

/** A lazily asked evidence question about a mismatch (auth.md §10); the recorder runs it off the hot path. */
export interface MismatchProbe {
  readonly credential: BasicCredential;
  readonly password: Secret<Uint8Array>;
}
