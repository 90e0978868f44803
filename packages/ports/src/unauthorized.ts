import type { CertificateFacts, Family, ReasonCode, Trace } from '@gatehouse/auth-core';
import type { AttemptBatch, AttemptSample, Evidence, PresentedCertificate, Signature } from './attempts.ts';
import type { Actor, Page, PageRequest, SetFilter, TextFilter } from './common.ts';

export type UnauthorizedState = 'open' | 'resolved';

/** A row of the table: one per client ID (auth.md §8). Times are milliseconds since the epoch. */
export interface UnauthorizedClient {
  readonly id: string;
  /** Null: no CONNECT was seen. */
  readonly clientId: string | null;
  readonly clientIdTruncated: boolean;
  readonly username: string | null;
  readonly passwordProvided: boolean;
  readonly tlsUsed: boolean;
  readonly ip: string;
  /** Distinct addresses, newest first, at most 8. */
  readonly ips: readonly string[];
  readonly reason: ReasonCode;
  readonly family: Family;
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly connackCode: number | null;
  readonly authenticator: string | null;
  readonly attempts: number;
  readonly firstAttemptAt: number;
  readonly lastAttemptAt: number;
  readonly listener: string;
  readonly node: string;
  readonly protocol: 3 | 4 | 5 | null;
  readonly keepAliveSeconds: number | null;
  readonly cleanStart: boolean | null;
  readonly pskIdentity: string | null;
  readonly state: UnauthorizedState;
  readonly resolvedAt: number | null;
}

/** A row with what only its drawer shows. */
export interface UnauthorizedClientDetail extends UnauthorizedClient {
  readonly certificate: CertificateFacts | null;
  /** The chain of the latest attempt, the client's own certificate first; absent where none was presented. */
  readonly presented?: readonly PresentedCertificate[] | undefined;
  readonly trace: Trace;
  readonly evidence: Evidence;
  readonly signatures: readonly Signature[];
  /** The latest attempt's opaque reference. */
  readonly ref: string;
}

export const UNAUTHORIZED_SORTS = [
  'lastAttemptAt',
  'firstAttemptAt',
  'attempts',
  'clientId',
  'username',
  'ip',
  'reason',
  'listener',
] as const;
export type UnauthorizedSort = (typeof UNAUTHORIZED_SORTS)[number];

export interface UnauthorizedFilter {
  readonly clientId?: TextFilter;
  readonly username?: TextFilter;
  /** Addresses or CIDR ranges, as given. */
  readonly ip?: SetFilter<string>;
  readonly reason?: SetFilter<ReasonCode>;
  readonly family?: SetFilter<Family>;
  /** Text of the stored detail or reason code. */
  readonly detail?: TextFilter;
  readonly passwordProvided?: boolean;
  readonly tlsUsed?: boolean;
  readonly protocol?: SetFilter<3 | 4 | 5>;
  readonly listener?: SetFilter<string>;
  readonly state?: SetFilter<UnauthorizedState>;
  /** Last attempt at or after / before, milliseconds since the epoch. */
  readonly from?: number;
  readonly to?: number;
  /** First attempt at or after / before. */
  readonly firstFrom?: number;
  readonly firstTo?: number;
  /** Client ID, username or IP contains; or an attempt reference, exactly. Below three characters: starts with. */
  readonly search?: string;
}

/** Which rows a deletion means. */
export type UnauthorizedSelection =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'filter'; readonly filter: UnauthorizedFilter; readonly except: readonly string[] }
  | { readonly kind: 'all' };

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

export interface UnauthorizedFacets {
  readonly reason: readonly FacetValue[];
  readonly family: readonly FacetValue[];
  readonly tlsUsed: readonly FacetValue[];
  readonly passwordProvided: readonly FacetValue[];
  readonly protocol: readonly FacetValue[];
  readonly listener: readonly FacetValue[];
  readonly state: readonly FacetValue[];
  /** Rows matching, attempts in them, and rows first seen within the last hour. */
  readonly clients: number;
  readonly attempts: number;
  readonly newLastHour: number;
  /** True when counted over a sample. */
  readonly approximate: boolean;
}

export interface HistogramBucket {
  /** Start of the bucket, milliseconds since the epoch. */
  readonly at: number;
  /** Clients whose last attempt falls into the bucket, by family. */
  readonly counts: Readonly<Partial<Record<Family, number>>>;
}
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  readonly buckets: readonly HistogramBucket[];
  readonly approximate: boolean;
}

/** Rows grouped by something they share. */
export const UNAUTHORIZED_GROUPS = ['network', 'username', 'reason', 'incident'] as const;
export type UnauthorizedGroupBy = (typeof UNAUTHORIZED_GROUPS)[number];
export interface UnauthorizedGroup {
  readonly value: string;
  readonly clients: number;
  /** Those of them that have not got in since, by the rule that settles a row: the group is settled at 0. */
  readonly open: number;
  readonly attempts: number;
  readonly firstAttemptAt: number;
  readonly lastAttemptAt: number;
  /** Groups by incident: the audit entry just before the refusals began, if one explains them. */
  readonly auditId?: string | undefined;
  /** True: counted among the newest rows only, so that the figures are lower bounds. */
  readonly approximate?: boolean | undefined;
}

/** What happened to a row in a flush: streamed to the console. */
export interface UnauthorizedChange {
  readonly kind: 'upsert' | 'resolved' | 'deleted';
  readonly row: UnauthorizedClient;
  readonly isNew: boolean;
}

export interface FlushResult {
  readonly changes: readonly UnauthorizedChange[];
  /** Attempts of records that could not be stored; absent: none. */
  readonly skippedAttempts?: number;
}

export interface Deletion {
  readonly deleted: number;
  /** Single use, expires on the server (10 s), same actor only. */
  readonly undoToken: string;
  readonly undoUntil: number;
}

export interface UnauthorizedRepository {
  /** Those of them that are shown, in no order. */
  getEach(ids: readonly string[]): Promise<readonly UnauthorizedClient[]>;
  page(filter: UnauthorizedFilter, request: PageRequest<UnauthorizedSort>): Promise<Page<UnauthorizedClient>>;
  get(id: string): Promise<UnauthorizedClientDetail | null>;
  /** Newest first, at most `historyMax` are kept per row. */
  attempts(id: string): Promise<readonly AttemptSample[] | null>;
  facets(filter: UnauthorizedFilter): Promise<UnauthorizedFacets>;
  histogram(filter: UnauthorizedFilter, buckets: number, now: number): Promise<Histogram>;
  groups(
    filter: UnauthorizedFilter,
    by: UnauthorizedGroupBy,
    limit: number,
  ): Promise<readonly UnauthorizedGroup[]>;
  /** Rows in the table's order, streamed in chunks; for exports. */
  stream(filter: UnauthorizedFilter, chunk: number): AsyncIterable<readonly UnauthorizedClient[]>;
  /** Other rows with the same IP or the same username, newest first. */
  related(
    id: string,
    limit: number,
  ): Promise<{
    readonly sameIp: readonly UnauthorizedClient[];
    readonly sameUsername: readonly UnauthorizedClient[];
  }>;
  /**
   * Top values over a time range, for the overview: client IDs by their attempts; reasons, addresses and usernames by the
   * clients whose newest they are, for a row's attempts may have been made under others.
   */
  top(
    by: 'reason' | 'ip' | 'username' | 'clientId',
    range: { from: number; to: number },
    limit: number,
  ): Promise<readonly FacetValue[]>;

  /** Applies one batch of the recorder; one bad record never spoils the rest. */
  flush(batch: AttemptBatch, now: number): Promise<FlushResult>;
  /** `all` switches the generation and answers at once; the old rows go in chunks. */
  remove(selection: UnauthorizedSelection, actor: Actor, now: number): Promise<Deletion>;
  /** Merges with what was refused meanwhile. Null: unknown, used, expired or another actor's token. */
  undo(token: string, actor: Actor, now: number): Promise<{ readonly restored: number } | null>;
  /** Retention by age and count, and purging of deleted rows, in chunks; returns rows removed. Call until 0. */
  sweep(policy: { readonly maxAgeMs: number; readonly maxRows: number }, now: number): Promise<number>;
}
