import type { CredentialType } from './credential-types.ts';
import type { ControlEvent } from './planes.ts';

/** An event that no edit of a table stands for: it is noted in words, in the transaction that writes the audit entry. */
export type ToldEvent = Extract<
  ControlEvent,
  { readonly kind: 'failures-forgiven' | 'failures-elsewhere' | 'acl-cache-cleared' | 'trust-changed' }
>;

/** What became of refused clients, for the live streams of other servers. Only hints: who misses one reads the page again. */
export type RefusedNews =
  /** By id: refused for the first time, again, or resolved. */
  | {
      readonly kind: 'rows';
      readonly created: readonly string[];
      readonly again: readonly string[];
      readonly resolved: readonly string[];
    }
  /** More than are named. */
  | { readonly kind: 'many'; readonly count: number }
  | { readonly kind: 'deleted'; readonly ids: readonly string[] | 'many' }
  | { readonly kind: 'restored'; readonly count: number };

/** What another server on the same database has changed: where to look, never what is secret (ADR 0040). */
export type NotedChange =
  | {
      readonly kind: 'credentials';
      readonly ids: readonly string[];
      readonly type: CredentialType;
      /** Sessions that they admitted must close. */
      readonly ends: boolean;
    }
  | { readonly kind: 'blocks'; readonly ids: readonly string[] }
  /** All of these are read again. */
  | { readonly kind: 'access-rules' | 'authentication' | 'revocations' }
  | { readonly kind: 'told'; readonly event: ToldEvent }
  | { readonly kind: 'refused'; readonly news: RefusedNews }
  /** What happened cannot be told apart any more: this server was away for too long. */
  | { readonly kind: 'everything' };

/** Notes for other servers; where there can be none, nothing is written. */
export interface ChangeNotes {
  /** Tells them in the transaction that this belongs to. */
  tell(events: readonly ToldEvent[]): Promise<void>;
  /** What a flush of the recorder did is noted by itself. */
  tellRefused(news: RefusedNews): Promise<void>;
}

/** How far a server has read what others changed. Only the feed that gave it can read it. */
export interface ChangeMark {
  /** Snapshots of the database: all that committed up to `since` is read, and of what committed up to `until` the rows up to `after`. */
  readonly since: string;
  readonly until: string | null;
  readonly after: number;
  /** When `since` was taken, milliseconds since the epoch by the database's clock. */
  readonly at: number;
}

/** What other servers on the same database change, each change once. */
export interface ChangeFeed {
  /** From here on: what commits later is read, however long its transaction was open. */
  begin(): Promise<ChangeMark>;
  /**
   * Some changes behind the mark in their order, and the mark behind them, which is kept once they are in force. `more`: there may
   * be others at once. Those that this server made are left out.
   */
  read(
    mark: ChangeMark,
  ): Promise<{ readonly changes: readonly NotedChange[]; readonly mark: ChangeMark; readonly more: boolean }>;
  /** Removes what every server has read, or is away for too long to read one by one. */
  sweep(): Promise<void>;
}
