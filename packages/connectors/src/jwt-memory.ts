import { createHash } from 'node:crypto';
import type { Clock, TokenVerification } from '@gatehouse/auth-core';

/** Tokens that are remembered, and characters of them together. */
const TOKENS_MAX = 10_000;
const CHARS_MAX = 16 * 1_024 * 1_024;
/** Milliseconds that a good token without an end, or with a far one, is remembered. */
const GOOD_MS_MAX = 3_600_000;
/** Milliseconds that a bad signature is remembered, so that a device that retries one token costs nothing. */
const BAD_MS = 60_000;

interface Entry {
  readonly verification: TokenVerification;
  readonly until: number;
  readonly chars: number;
}

/**
 * What tokens gave, by the SHA-256 of each: a reconnecting fleet is not verified again. Bad ones are kept apart, so that
 * nobody can push out the good ones; everything is forgotten when the keys change.
 */
export class TokenMemory {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #good = new Map<string, Entry>();
  readonly #bad = new Map<string, Entry>();
  #chars = 0;
  #generation = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** What this token gave under the same keys; undefined when that is not known. */
  get(token: string, generation: number): TokenVerification | undefined {
    this.#under(generation);
    if (this.#good.size === 0 && this.#bad.size === 0) return undefined;
    const key = digest(token);
    const entry = this.#good.get(key) ?? this.#bad.get(key);
    return entry !== undefined && entry.until > this.#clock.now() ? entry.verification : undefined;
  }

  /** Keeps a verdict over a signature. `exp` in seconds since the epoch, where the token has one. */
  set(token: string, verification: TokenVerification, exp: unknown, generation: number): void {
    if (generation < this.#generation) return;
    this.#under(generation);
    const now = this.#clock.now();
    if (verification.result === 'signature-invalid') {
      keep(this.#bad, digest(token), { verification, until: now + BAD_MS, chars: 0 });
    } else if (verification.result === 'verified') {
      const end = typeof exp === 'number' ? exp * 1_000 : Infinity;
      const until = Math.min(end, now + GOOD_MS_MAX);
      if (until <= now) return;
      this.#chars += token.length;
      this.#chars -= keep(this.#good, digest(token), { verification, until, chars: token.length });
      while (this.#chars > CHARS_MAX) this.#chars -= dropOldest(this.#good);
    }
  }

  #under(generation: number): void {
    if (generation <= this.#generation) return;
    this.#generation = generation;
    this.#good.clear();
    this.#bad.clear();
    this.#chars = 0;
  }
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64');

/** Puts an entry last; answers the characters that went for it. */
function keep(entries: Map<string, Entry>, key: string, entry: Entry): number {
  const before = entries.get(key)?.chars ?? 0;
  entries.delete(key);
  entries.set(key, entry);
  return before + (entries.size > TOKENS_MAX ? dropOldest(entries) : 0);
}

function dropOldest(entries: Map<string, Entry>): number {
  for (const [key, { chars }] of entries) {
    entries.delete(key);
    return chars;
  }
  return 0;
}
