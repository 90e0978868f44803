/** Bounds of what one question about the broker's memory may cost. */
export const INSPECT_BOUNDS = {
  /** Sessions, subscriptions or topics looked at before the event loop gets its turn: well below a millisecond. */
  sliceItemsMax: 1_024,
  /** The same, for one question in all. */
  scannedItemsMax: 1_000_000,
  /** Questions that are answered at a time. */
  scansAtOnceMax: 4,
  /** Bytes of a retained payload in a list. */
  previewBytesMax: 128,
  /** Bytes of a retained payload that are shown. */
  payloadBytesMax: 262_144,
} as const;
