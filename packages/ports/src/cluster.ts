import type { JournalSegment, JournalStore } from './journal.ts';

/** A filter of sessions whose messages are kept for them, or of the members of a share; all of one node together. */
export interface Interest {
  /** With what precedes it through a mountpoint; of a shared subscription the filter inside. */
  readonly filter: string;
  /** The group of a shared subscription; empty for all others. */
  readonly group: string;
}

/** What became of the interest of one node. */
export interface InterestChange extends Interest {
  readonly node: string;
  /** False: it is interested no longer. */
  readonly live: boolean;
}

/** All changes of interest after an epoch, and the epoch that they lead to. */
export interface InterestNews {
  readonly epoch: number;
  readonly changes: readonly InterestChange[];
}

/** A letter in the inbox of a node; what its bytes mean is the broker's business. */
export interface Letter {
  readonly id: number;
  readonly from: string;
  /** Whose inbox it is in: with `lock` also that of the node that is inherited. */
  readonly to: string;
  readonly bytes: Buffer;
}

/** A client ID that another node is given, with whatever belongs to it. */
export interface Transfer {
  readonly clientId: string;
  readonly to: string;
  /** What the other node is interested in from then on. */
  readonly listens: readonly Interest[];
  /** For the inbox of the other node. */
  readonly letter: Uint8Array;
  /** For the inbox of whoever has the client ID, should that be neither this node nor the other; nothing else happens then. */
  readonly forward: Uint8Array;
}

/** The retained message of a topic; without bytes it is gone. */
export interface RetainedChange {
  readonly topic: string;
  readonly bytes: Uint8Array | undefined;
  /** Put only where the topic has neither a message nor lost one of late: what an old journal tells. */
  readonly unlessKnown: boolean;
}

/** What a batch does for other nodes, in the transaction that commits it. */
export interface SharedPart {
  /** The epoch of interest under which its messages were matched; undefined: it carries none that must reach everybody. */
  readonly matchedAt: number | undefined;
  readonly listens: readonly Interest[];
  readonly unlistens: readonly Interest[];
  readonly mail: readonly { readonly to: string; readonly bytes: Uint8Array }[];
  /** Letters that are done with. */
  readonly taken: readonly number[];
  /** Client IDs that the node gives up; those that are another's by now are left alone. */
  readonly released: readonly string[];
  readonly transfers: readonly Transfer[];
  readonly retained: readonly RetainedChange[];
  /** The node whose place was taken with `fence`: its interest, its client IDs, its journal and its row end. */
  readonly inherits: string | undefined;
}

/** `stale`: interest has changed since `matchedAt`. Nothing was written; match anew and commit again. */
export type Committed =
  { readonly outcome: 'committed'; readonly epoch: number } | { readonly outcome: 'stale' };

/** What is there once nobody else can publish or subscribe. */
export interface Locked extends InterestNews {
  /** All letters of this node, in order, those of `inherits` behind them. */
  readonly letters: readonly Letter[];
}

/**
 * The journal of a node among others: its batches carry what they do for the others, so that nothing can be torn apart
 * (ADR 0039). Calls that write keep their order.
 */
export interface SharedJournalStore extends JournalStore {
  /**
   * As `append`, and in the same transaction. Resolves when it is on the disk; what was committed before its answer was
   * lost is not written again. Within `lock` it ends the lock; `stale` comes never then.
   */
  commit(segment: JournalSegment, part: SharedPart): Promise<Committed>;
  /** What changed since, but for how this node has changed its own. */
  interestSince(epoch: number): Promise<InterestNews>;
  /** The oldest letters but these, in order, a few MiB of them at most. */
  letters(but: readonly number[]): Promise<readonly Letter[]>;
  /**
   * Holds everybody else's subscriptions and messages of QoS 1 and 2 up until `commit`. `inherits`: the letters of that
   * node too. Rejects with `LockLost` never: a connection that breaks is noticed by `commit`, which then rejects with it.
   */
  lock(sinceEpoch: number, inherits: string | undefined): Promise<Locked>;
}

/** The database let go of the lock before `commit`: nothing was written; take it again. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

/**
 * What `SharedPart.inherits` names is not this node's to inherit: its lease over it ended, and another has fenced it anew,
 * or has taken it all. Nothing was written.
 */
export class InheritanceLost extends Error {
  override readonly name = 'InheritanceLost';
}

/** What asking for a client ID comes to. */
export type Claimed =
  | { readonly outcome: 'yours' }
  /** Another node has it; the letter is in its inbox. */
  | { readonly outcome: 'asked'; readonly node: string }
  /** It belongs to another principal. */
  | { readonly outcome: 'owned-by-other' };

/** A client ID that a node wants for a client which it lets in. */
export interface Claim {
  readonly clientId: string;
  /** Whose client it is: namespace and subject as one text. Written where the client ID is this node's already, too, if `force`. */
  readonly owner: string;
  /** Whoever has it must give way, even if it is another's. */
  readonly force: boolean;
  /** For the inbox of the node that has it. */
  readonly letter: Uint8Array;
}

/** A retained message that some node has put, or taken away. */
export interface RetainedNews {
  readonly topic: string;
  readonly bytes: Buffer | undefined;
  /** Rises for one topic with each change. */
  readonly version: number;
}

/** Where `retainedSince` goes on; opaque. */
export type RetainedPlace = string;

/** A node as its row tells. */
export interface NodeFacts {
  readonly node: string;
  readonly incarnation: number;
  readonly host: string;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly isAlive: boolean;
}

/** What nodes know of each other beside their journals. */
export interface ClusterStore {
  /** The mark of this database: nodes of another never hear these on a bus. */
  readonly cluster: string;
  /** Asks for many at once; answers in their order. */
  claim(claims: readonly Claim[]): Promise<readonly Claimed[]>;
  /** All client IDs of this node. */
  ownClaims(): Promise<readonly string[]>;
  /** The interest of this node is what these say, and nothing else: what a start finds may be of the run before. */
  resetInterest(interests: readonly Interest[]): Promise<void>;
  /** Changes since; from `undefined` on everything that is there. None is skipped, however late it commits. */
  retainedSince(
    place: RetainedPlace | undefined,
  ): Promise<{ readonly place: RetainedPlace; readonly news: readonly RetainedNews[] }>;
  /** Takes away retained messages that have expired, as far as they are still those of these versions. */
  expireRetained(expired: readonly { readonly topic: string; readonly version: number }[]): Promise<void>;
  nodes(): Promise<readonly NodeFacts[]>;
  /**
   * Takes the place of one node whose lease has ended, if there is one and nobody else has: it can write nothing from
   * then on. Its journal is for the caller to read and to commit as its own (`SharedPart.inherits`) before this ends.
   */
  fence(): Promise<{ readonly node: string; readonly journal: JournalStore } | undefined>;
}
