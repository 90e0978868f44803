import type { JournalSegment } from './journal.ts';

/** One value of a row as a backup holds it: what both databases and JSON can say. */
export type BackupValue = string | number | boolean | null;

/**
 * What a store tells of itself, in this order: its schema, then each table, its rows and where its numbering stands, then
 * the segments of the journal that it keeps.
 */
export type StoreRecord =
  | {
      readonly kind: 'schema';
      readonly store: 'sqlite' | 'postgresql';
      /** Names of the migrations that it has had. */
      readonly migrations: readonly string[];
    }
  | { readonly kind: 'table'; readonly name: string; readonly columns: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly BackupValue[])[] }
  /** The table is whole; `numbered` is the highest number that it has given to a row, where it gives any. */
  | { readonly kind: 'table-end'; readonly rows: number; readonly numbered: number | null }
  /** A batch of the journal, base64. */
  | { readonly kind: 'segment'; readonly number: number; readonly bytes: string };

/** The journal as far as it is committed, held still so that it can be read at leisure. */
export interface HeldJournal {
  /** The segments after this number are needed … */
  readonly after: number;
  /** … and those up to this one were committed when it was held. */
  readonly until: number;
  /** The next of them, as `JournalStore.read` gives them. */
  read(after: number): Promise<readonly JournalSegment[]>;
  /** What is not needed any more may be deleted again. */
  release(): Promise<void>;
}

/** Makes backups; for the API. */
export interface BackupMaker {
  /**
   * The bytes of a backup file as of now; read to its end or given up. One at a time: `busy` while another is made. A server
   * among others makes none: what they hold together is one only in the database.
   */
  make(options: { readonly withKey: boolean }): AsyncIterable<Uint8Array> | 'busy' | 'several-nodes';
}

/** Why a backup cannot be restored; nothing was changed then. */
export class BackupUnfitError extends Error {
  override readonly name = 'BackupUnfitError';
  readonly code: 'damaged' | 'newer' | 'not-empty' | 'in-use';
  constructor(code: BackupUnfitError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
