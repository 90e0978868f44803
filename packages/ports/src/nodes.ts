import type { ClusterStore, SharedJournalStore } from './cluster.ts';
import type { JournalStore } from './journal.ts';

/** Retained messages that are in no journal. */
export interface RetainedLeft {
  /** As the nodes wrote them. */
  read(): Promise<readonly { readonly topic: string; readonly bytes: Uint8Array }[]>;
  /** They are in the journal of the node now. */
  forget(topics: readonly string[]): Promise<void>;
}

/**
 * The place of a server among those that run on one database, held by a lease that it renews. Whoever takes the place
 * raises its incarnation; from then on the database takes nothing of the one before (fencing).
 */
export interface NodePlace {
  readonly node: string;
  /** Rises with every server that takes the place. */
  readonly incarnation: number;
  /** Settings of the database under which what it acknowledges may be lost; for a warning. */
  readonly unsafeSettings: readonly string[];
  /** Bytes of the journal that is kept for the node. */
  journalBytes(): Promise<number>;
  /** The node's journal. One at a time; the place is held until `leave`. */
  openJournal(): Promise<JournalStore>;
  /** The same, where others may run beside it. */
  openSharedJournal(): Promise<SharedJournalStore>;
  /** What nodes know of each other; works until `leave`. */
  cluster(): Promise<ClusterStore>;
  /** What nodes that ran beside each other have left as retained messages, for one that runs by itself from now on. */
  retainedLeft(): RetainedLeft;
  /** Gives the place back: another server may take it at once. */
  leave(): Promise<void>;
}
