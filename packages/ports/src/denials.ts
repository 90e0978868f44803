import type { AccessStage } from '@gatehouse/auth-core';
import type { Page, PageRequest, TextFilter } from './common.ts';

/** Bounds of what is kept of denials. */
export const DENIAL_LIMITS = {
  /** Denials that are told apart in the store; those that were quiet for longest give way, and are only counted. */
  rowsMax: 10_000,
  /** Milliseconds after which a denial that did not come again is forgotten. */
  retentionMs: 30 * 86_400_000,
  /** Denials that are told apart while they wait to be stored; beyond, they are only counted. */
  waitingMax: 2_000,
  /** Denials that one flush stores at most. */
  batchMax: 500,
  /** Milliseconds between two flushes. */
  flushIntervalMs: 1_000,
  /** Characters of a client ID, username or topic that are kept. */
  textCharactersMax: 512,
} as const;

/** Something that a client which was let in may not do, and tried. Times are milliseconds since the epoch. */
export interface Denial {
  readonly id: string;
  /** Texts of clients are cut at 512 characters. */
  readonly clientId: string;
  readonly username: string | null;
  /** `namespace:subject`. */
  readonly principal: string;
  readonly ip: string | null;
  readonly action: 'publish' | 'subscribe';
  /** A topic name, or the filter as the client wrote it. */
  readonly topic: string;
  /** What denied: a global rule before or after the client's own, one of those, its source, or none that allows. */
  readonly by: AccessStage;
  /** `id` where it is one of the global list. */
  readonly rule: {
    readonly id: string | null;
    readonly permission: 'allow' | 'deny';
    readonly topic: string;
  } | null;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A denial as it came in since the last flush. */
export type DenialDelta = Omit<Denial, 'id'>;

/** Denials of which only the kind is known: there were too many different ones. */
export type DenialAggregate = Pick<Denial, 'action' | 'by' | 'count' | 'firstAt' | 'lastAt'>;

/** What one flush stores. */
export interface DenialBatch {
  readonly denials: readonly DenialDelta[];
  readonly aggregates: readonly DenialAggregate[];
}

export interface DenialFilter {
  readonly clientId?: TextFilter | undefined;
  readonly username?: TextFilter | undefined;
  readonly topic?: TextFilter | undefined;
  readonly action?: 'publish' | 'subscribe' | undefined;
}

/** What is stored of denials as a whole. */
export interface DenialTotals {
  /** When the first of them came; null: there is none. */
  readonly since: number | null;
  /** How many came, whether they are listed or not. */
  readonly count: number;
  /** How many of those are not listed: only counted. */
  readonly aggregated: number;
}

export interface DenialRepository {
  page(filter: DenialFilter, request: PageRequest<'lastAt'>): Promise<Page<Denial>>;
  totals(): Promise<DenialTotals>;
  /** Counts on, all or nothing; what no longer fits gives way. */
  flush(batch: DenialBatch): Promise<void>;
  /** Forgets everything; returns how many were listed. */
  clear(): Promise<number>;
  /** Removes some of those that did not come again since this time; returns how many. */
  sweep(quietSince: number): Promise<number>;
}
