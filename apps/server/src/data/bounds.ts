/** Bounds of the data plane's own caches. */
export const DATA_BOUNDS = {
  /** Lookups that found a credential, kept. */
  credentialHitsMax: 50_000,
  /** Lookups that found none; apart, so that a flood of unknown clients never pushes good ones out. */
  credentialMissesMax: 20_000,
  /** How long a found credential is believed without asking again, beside the events that void it at once. */
  credentialHitTtlMs: 60_000,
  credentialMissTtlMs: 2_000,
  /** How long after that it serves while the store does not answer; a change that is heard of voids it all the same. */
  credentialStaleMaxMs: 3_600_000,
  /** Identities longer than this are looked up each time. */
  cachedIdentityCharactersMax: 1_024,
  /** Lookups sent in one call to the control plane. */
  lookupBatchMax: 500,
  /** Lookups on their way; beyond, the source answers `unavailable`. */
  lookupsInFlightMax: 20_000,
  /** A lookup that raced a change is asked again at most so often. */
  lookupRetriesMax: 3,
  /** Changed credentials remembered, for decisions that were under way when the change came. */
  recentChangesMax: 10_000,
} as const;
