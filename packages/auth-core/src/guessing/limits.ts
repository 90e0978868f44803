/** The bounds of the guessing budget; every one a setting, with its unit in its name. */
export interface GuessingLimits {
  /** Failures that one address may have with one username in a row before it is blocked. */
  readonly pairFailuresMax: number;
  /** Milliseconds after which one of them is forgotten. */
  readonly pairRefillMs: number;
  /** Milliseconds of the first block; each further one is twice as long. */
  readonly blockMinMs: number;
  readonly blockMaxMs: number;
  /** Milliseconds without a failure after which the next block is as short as the first. */
  readonly blockForgetMs: number;
  /** Failures of one username from anywhere before it is slowed to one per `usernameRefillMs`. */
  readonly usernameFailuresMax: number;
  readonly usernameRefillMs: number;
  /** Failures of one network with any username before it is slowed to one per `networkRefillMs`. */
  readonly networkFailuresMax: number;
  readonly networkRefillMs: number;
  /** Entries kept of each kind; the one that failed longest ago goes first. */
  readonly entriesMax: number;
  /** UTF-16 units of a username that tell it from others; longer ones share a budget. */
  readonly usernameUnitsMax: number;
  /** Lines that `list()` answers at most. */
  readonly listedMax: number;
}

export const GUESSING_LIMITS: GuessingLimits = {
  pairFailuresMax: 10,
  pairRefillMs: 60_000,
  blockMinMs: 600_000,
  blockMaxMs: 86_400_000,
  blockForgetMs: 86_400_000,
  usernameFailuresMax: 30,
  usernameRefillMs: 2_000,
  networkFailuresMax: 200,
  networkRefillMs: 250,
  entriesMax: 50_000,
  usernameUnitsMax: 256,
  listedMax: 1_000,
};
