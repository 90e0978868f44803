import type { ReasonCode } from '@gatehouse/auth-core';

/** Whom a watch follows: one client ID or one address, exactly. */
export type WatchTarget =
  { readonly kind: 'clientId'; readonly value: string } | { readonly kind: 'ip'; readonly value: string };

/** A watch (auth.md §10): every attempt of one client ID or address for 15 minutes. Times are milliseconds since the epoch. */
export interface Watch {
  readonly id: string;
  readonly target: WatchTarget;
  readonly startedAt: number;
  /** When it stops taking in attempts; what it holds can be read for as long again. */
  readonly until: number;
  /** Attempts held now, and those that gave way to newer ones. */
  readonly entries: number;
  readonly forgotten: number;
}

/** One attempt as a watch saw it. */
export interface WatchEntry {
  /** Grows by one with each attempt of the watch, from 1. */
  readonly sequence: number;
  readonly at: number;
  readonly outcome: 'accepted' | 'refused' | 'busy';
  /** Null unless refused. */
  readonly reason: ReasonCode | null;
  /** The attempt reference. */
  readonly ref: string;
  /** Null: no CONNECT was seen. */
  readonly clientId: string | null;
  readonly username: string | null;
  readonly ip: string;
  readonly port: number;
  readonly listener: string;
  readonly protocol: 3 | 4 | 5 | null;
  /** The CONNECT in hex, secrets replaced byte by byte with 2a (`*`); null when none was seen. */
  readonly connectHex: string | null;
  /** Bytes of the whole CONNECT; more than `connectHex` shows when that is cut. */
  readonly connectBytes: number;
}

export interface WatchRead {
  readonly watch: Watch;
  /** Oldest first. */
  readonly entries: readonly WatchEntry[];
}

/** Watches, as the data plane keeps them in memory. */
export interface Watches {
  /** The running watch of the same target, if there is one; null when no more fit. */
  start(target: WatchTarget): Watch | null;
  list(): readonly Watch[];
  /** Entries with a higher sequence than `after`; null: no such watch. */
  read(id: string, after: number): WatchRead | null;
  /** Ends the watch and forgets what it holds; false: no such watch. */
  stop(id: string): boolean;
}
