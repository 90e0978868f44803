/** Bounds of the live stream. */
export const LIVE = {
  /** One event per reader and tick: at most four a second. */
  tickMs: 250,
  heartbeatMs: 15_000,
  readersMax: 100,
  /** Rows told in one event; more are only counted. */
  rowsPerEventMax: 50,
  /** Rows held for a reader that is slow, before it is told to read the page again. */
  pendingRowsMax: 500,
} as const;
