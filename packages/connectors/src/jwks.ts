import type { Clock, HttpAnswer } from '@gatehouse/auth-core';
import { type VerificationKey, setKey } from './jwt-keys.ts';

/** Longest key set that is read, bytes. */
export const JWKS_BYTES_MAX = 262_144;
/** Milliseconds in which a key set must be there. */
export const JWKS_FETCH_MS_MAX = 4_000;
/** Most keys of one set. */
const KEYS_MAX = 256;
/** Longest key ID that is looked for, in characters. */
const KID_CHARS_MAX = 1_024;
/** Milliseconds between fetches that tokens bring about, however many of them name unknown keys. */
export const JWKS_REFETCH_MS_MIN = 10_000;
/** Milliseconds after which a fetch that failed is tried again by itself, at the latest. */
const RETRY_MS_MAX = 30_000;

export interface JwksOptions {
  /** Asks for the set once. Never rejects. */
  readonly fetch: () => Promise<HttpAnswer>;
  readonly clock: Clock;
  /** Milliseconds after which the set is fetched again by itself. */
  readonly refreshMs: number;
  readonly refetchMsMin?: number;
}

/** What a key set is asked for. */
export type KeysByName =
  | { readonly found: readonly VerificationKey[] }
  /** The set is there and has no such key. */
  | { readonly found: 'none' }
  /** No set was ever there. */
  | { readonly found: 'unavailable'; readonly problem: string }
  /** Fetching may bring it: call `refresh` and ask again. */
  | { readonly found: 'perhaps' };

/** How a key set is doing, for the operator. */
export interface JwksState {
  readonly loaded: boolean;
  readonly kids: readonly string[];
  /** Members that cannot be used: for encryption, too short, secret, or of an unknown kind. */
  readonly skipped: number;
  /** Milliseconds since the epoch; undefined before the first. */
  readonly loadedAt: number | undefined;
  /** Why the last fetch failed; undefined when it did not. */
  readonly problem: string | undefined;
}

/**
 * The keys behind a URL (RFC 7517): fetched at once and then regularly; when that fails the set before is kept. A well
 * formed set replaces it whole, so that a key that was taken out is gone.
 */
export class Jwks {
  readonly #options: JwksOptions;
  readonly #refetchMsMin: number;
  #keys: ReadonlyMap<string, readonly VerificationKey[]> | undefined;
  #text: string | undefined;
  #skipped = 0;
  #loadedAt: number | undefined;
  #problem: string | undefined;
  #flight: Promise<void> | undefined;
  #startedAt = -Infinity;
  #cancel: () => void = () => undefined;
  #closed = false;
  #generation = 0;

  constructor(options: JwksOptions) {
    this.#options = options;
    this.#refetchMsMin = options.refetchMsMin ?? JWKS_REFETCH_MS_MIN;
    void this.#load();
  }

  /** Another number for every set that differs: what was verified under one says nothing under the next. */
  get generation(): number {
    return this.#generation;
  }

  /** The keys of this name. `last`: nothing more is to be tried. */
  find(kid: string, last: boolean): KeysByName {
    const found = this.#keys?.get(kid);
    if (found !== undefined) return { found };
    const nameable = kid.length <= KID_CHARS_MAX;
    if (!last && nameable && this.#mayLoad()) return { found: 'perhaps' };
    if (this.#keys !== undefined) return { found: 'none' };
    return { found: 'unavailable', problem: this.#problem ?? 'the key set has not been fetched yet' };
  }

  /** Waits for the fetch under way, or starts one. */
  refresh(): Promise<void> {
    return this.#flight ?? this.#load();
  }

  /** Fetches now, whatever the pause; for the operator. Answers the problem, if there is one. */
  async probe(): Promise<string | undefined> {
    await this.refresh();
    return this.#problem;
  }

  state(): JwksState {
    return {
      loaded: this.#keys !== undefined,
      kids: [...(this.#keys?.keys() ?? [])],
      skipped: this.#skipped,
      loadedAt: this.#loadedAt,
      problem: this.#problem,
    };
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #mayLoad(): boolean {
    if (this.#closed) return false;
    return (
      this.#flight !== undefined || this.#options.clock.monotonic() - this.#startedAt >= this.#refetchMsMin
    );
  }

  #load(): Promise<void> {
    this.#cancel();
    this.#startedAt = this.#options.clock.monotonic();
    this.#flight = this.#options.fetch().then((answer) => {
      this.#flight = undefined;
      this.#take(answer);
      if (this.#closed) return;
      const { clock, refreshMs } = this.#options;
      const pauseMs = this.#problem === undefined ? refreshMs : Math.min(refreshMs, RETRY_MS_MAX);
      this.#cancel = clock.after(pauseMs, () => void this.#load());
    });
    return this.#flight;
  }

  #take(answer: HttpAnswer): void {
    const read = readSet(answer);
    if (typeof read === 'string') {
      this.#problem = read;
      return;
    }
    if (this.#text !== read.text) this.#generation += 1;
    this.#text = read.text;
    this.#keys = read.keys;
    this.#skipped = read.skipped;
    this.#loadedAt = this.#options.clock.now();
    this.#problem = undefined;
  }
}

interface ReadSet {
  readonly text: string;
  readonly keys: ReadonlyMap<string, readonly VerificationKey[]>;
  readonly skipped: number;
}

/** The keys by name, or what is wrong with the answer. */
function readSet(answer: HttpAnswer): ReadSet | string {
  if (answer.result !== 'answered') return answer.problem;
  if (answer.status !== 200) return `the key set's address answers ${answer.status}`;
  if (answer.body === undefined) return `the key set is longer than ${JWKS_BYTES_MAX} bytes`;
  const members = membersOf(answer.body);
  if (members === undefined) return 'what came is no key set';
  if (members.length > KEYS_MAX) return `the key set has more than ${KEYS_MAX} keys`;
  const keys = new Map<string, readonly VerificationKey[]>();
  let skipped = 0;
  for (const member of members) {
    const kid = isRecord(member) ? member['kid'] : undefined;
    const key = isRecord(member) ? setKey(member) : undefined;
    if (typeof kid !== 'string' || kid.length > KID_CHARS_MAX || key === undefined) skipped += 1;
    else keys.set(kid, [...(keys.get(kid) ?? []), key]);
  }
  return { text: answer.body, keys, skipped };
}

function membersOf(body: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const members: unknown = isRecord(parsed) ? parsed['keys'] : undefined;
    return Array.isArray(members) ? members : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
