import type { GuessingCounters, SlowedGuesser } from '@gatehouse/auth-core';

/** Who is slowed now because logins failed (auth.md §9). */
export interface SlowedGuessers {
  /** False: guesses are not slowed at all (`auth.guessing.enabled`). */
  readonly enabled: boolean;
  /** Pairs first, then usernames, then networks, each the newest failure first. */
  readonly items: readonly SlowedGuesser[];
  /** False: there are more than are listed (`auth.guessing.listedMax`). */
  readonly complete: boolean;
  readonly counters: GuessingCounters;
}

/** What is asked about the guessing budget, which lives in the data plane's memory. */
export interface GuessingInspection {
  listSlowed(): Promise<SlowedGuessers>;
}
