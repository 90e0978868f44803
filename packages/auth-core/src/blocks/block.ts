/** What a block goes by. */
export const BLOCK_KINDS = ['clientId', 'username', 'ip', 'cidr', 'fingerprint', 'pattern'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** What is blocked, whatever it is called in a list. */
export interface BlockTarget {
  readonly kind: BlockKind;
  /** In the form that `readBlockValue` gives it. */
  readonly value: string;
}

/** A block as the decision needs it. */
export interface Block extends BlockTarget {
  readonly id: string;
  /** Milliseconds since the epoch, from which on it blocks nobody; null: for ever. */
  readonly expiresAt: number | null;
}

/** How often a block refused since it was last asked. */
export interface BlockHits {
  readonly id: string;
  readonly hits: number;
  /** Of the newest, milliseconds since the epoch. */
  readonly lastHitAt: number;
}

/** Bounds of what is blocked: every login is held against all of it. */
export const BLOCK_LIMITS = {
  /** Blocks of all kinds. */
  blocksMax: 10_000,
  /** Blocks by pattern among them. */
  patternsMax: 50,
  /** UTF-16 units of a pattern. */
  patternUnitsMax: 256,
  /** Instructions that a pattern may become. */
  patternProgramMax: 200,
  /** UTF-16 units of a client ID or username that patterns look at. */
  patternTextUnitsMax: 256,
  /** UTF-16 units of a client ID or username that can be blocked by name. */
  nameUnitsMax: 1_024,
} as const;

/** What a client is known by when it is held against the blocks. */
export interface BlockFacts {
  readonly clientId: string;
  /** The username that it sent, and the name that was proved, where they are known. */
  readonly names: readonly string[];
  readonly ip: string | undefined;
  /** SHA-256 of its certificate, lower-case hex. */
  readonly fingerprint: string | undefined;
}

/** Regular expressions that take linear time (RE2); made outside, because this package imports none. */
export interface BlockPatterns {
  /** What is wrong with a pattern, in words; undefined: nothing. Must not throw. */
  problem(pattern: string): string | undefined;
  /**
   * All patterns as one test that tells the index of the first that matches a whole text. Those with a problem match
   * nothing. Must not throw.
   */
  compile(patterns: readonly string[]): (text: string) => number | undefined;
}
