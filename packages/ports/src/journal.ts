/** How the journal is doing. */
export interface JournalStats {
  /** False: `journal: memory`. */
  readonly enabled: boolean;
  /** What keeps batches from the disk; null while all is well. */
  readonly problem: string | null;
  /** Bytes that wait to be written. */
  readonly backlogBytes: number;
  readonly batches: number;
  readonly records: number;
  /** Bytes of the segments that are needed. */
  readonly bytes: number;
}

/** One batch of the journal as it is stored: opaque bytes that are durable as a whole or not at all. */
export interface JournalSegment {
  /** Rises with every batch; the order in which segments are read again. */
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Whether batches reach the disk. */
export type JournalHealth =
  | { readonly state: 'ok' }
  /** The batch that failed is tried again until it is written; `problem` is what the database says. */
  | { readonly state: 'failing'; readonly problem: string };

/**
 * Where the broker's journal lies: batches in order, each committed and synced before `append` resolves (architecture,
 * decision 4). What the bytes mean is the broker's business.
 */
export interface JournalStore {
  /** The segments after this number, in order, a few MiB of them at most; empty at the end. */
  read(after: number): Promise<readonly JournalSegment[]>;
  /** Resolves when the batch is on the disk. A disk that takes nothing is waited for: `health` tells. */
  append(segment: JournalSegment): Promise<void>;
  /** Deletes the segments before this number, in the background. */
  dropBefore(number: number): void;
  /** Told whenever the state changes. */
  onHealth(listener: (health: JournalHealth) => void): void;
  /** Waits for what was appended and closes. */
  close(): Promise<void>;
}
