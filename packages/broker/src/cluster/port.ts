import type { Grant, MaybePromise } from '@gatehouse/auth-core';
import type { Message } from '../router/message.ts';
import type { Session } from '../session/session.ts';
import type { Subscription } from '../session/subscription.ts';

/** `away`: the database cannot be asked. */
export type ClaimOutcome = 'yours' | 'owned-by-other' | 'away';

/** The other nodes, as the rest of the broker sees them. */
export interface OtherNodes {
  /** What this node's subscriptions are to them. */
  readonly own: {
    /** Resolves when the bus has every filter so far; undefined: it has. */
    readonly listening: Promise<unknown> | undefined;
    /** A subscription that was not there before. */
    subscribed(session: Session, subscription: Subscription): void;
    /** It is gone. */
    unsubscribed(session: Session, subscription: Subscription): void;
  };
  /** Which client IDs this node has. */
  readonly claims: {
    holds(clientId: string): boolean;
    /** Resolves when the client ID is this node's, with its session if another node had one. */
    claim(clientId: string, grant: Grant): MaybePromise<ClaimOutcome>;
    /** It has this session here, perhaps in the place of one that has ended in the same turn, and of another principal. */
    keep(session: Pick<Session, 'clientId' | 'principal'>): void;
    /** Nobody needs it here any more: its session has ended, or none was made. */
    release(clientId: string): void;
  };
  /** Where retained messages are written. */
  readonly retained: {
    put(message: Message): void;
    gone(topic: string): void;
  };
  /**
   * Hands a message of this node's clients to whom it concerns, here and elsewhere; returns how many sessions here and
   * nodes elsewhere are known to get it. Those that keep no messages get theirs over the bus, and nobody knows how many.
   */
  publish(message: Message): number;
}

/** The other nodes, once there are any; empty on a single one. */
export interface PeersSlot {
  current: OtherNodes | undefined;
}
