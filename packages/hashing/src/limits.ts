/**
 * Bounds of what a stored hash may ask for, so that an imported one cannot stall the workers, and of the queue. A
 * hash beyond them is invalid, with the bound named.
 */
export const HASHING_LIMITS = {
  /** Length of a stored hash in UTF-16 units. */
  storedHashCharsMax: 2_048,
  /** Parsed forms that are remembered, by their text. */
  parsedFormsMax: 1_024,
  argon2MemoryKiBMax: 131_072,
  /** Memory times passes: what argon2's time is proportional to. */
  argon2WorkKiBMax: 524_288,
  argon2LanesMax: 16,
  bcryptCostMax: 14,
  scryptMemoryBytesMax: 134_217_728,
  /** Memory times parallelism: what scrypt's time is proportional to. */
  scryptWorkBytesMax: 268_435_456,
  /** Iterations times output blocks. */
  pbkdf2RoundsMax: 2_000_000,
  /** The same for MD4, which is computed in JavaScript. */
  pbkdf2Md4RoundsMax: 200_000,
  pbkdf2DerivedBytesMax: 128,
  /** Up to here PBKDF2 costs less than a trip to a worker and back is worth, and runs inline. */
  pbkdf2InlineRoundsMax: 200,
  saltBytesMax: 512,
  /** Work that may wait for the workers, in milliseconds per worker; beyond it the answer is "busy". */
  queueMsMax: 2_000,
  /** Waiting jobs of people (logins, new hashes), which have a lane of their own. */
  peopleQueueMax: 256,
  cacheEntriesMax: 100_000,
  cacheSuccessTtlMs: 600_000,
  cacheFailureTtlMs: 60_000,
  /** Slow hashes that may be spent on finding out why a password did not match, per minute. */
  inspectionHashesPerMinuteMax: 60,
} as const;

/** Parameters of hashes made today for chosen passwords (OWASP's first argon2id choice): 19 MiB, two passes. */
export const ARGON2ID_DEFAULT = { memoryKiB: 19_456, passes: 2, lanes: 1 } as const;
