import type { Block, BlockHits, BlockKind, BlockTarget } from '@gatehouse/auth-core';
import type { Page, PageRequest } from './common.ts';

/** A block as it is administered. Times are milliseconds since the epoch. */
export interface StoredBlock extends Block {
  /** Raised by every change that an operator makes. */
  readonly version: number;
  readonly comment: string;
  readonly createdAt: number;
  /** Name of who made it. */
  readonly createdBy: string;
  /** Attempts that it refused. */
  readonly hits: number;
  /** Null: never. */
  readonly lastHitAt: number | null;
}

export type BlockWrite = Pick<StoredBlock, 'kind' | 'value' | 'expiresAt' | 'comment' | 'createdBy'>;
export type BlockPatch = Partial<Pick<StoredBlock, 'expiresAt' | 'comment'>>;

export const BLOCK_SORTS = ['createdAt', 'value', 'expiresAt', 'hits', 'lastHitAt'] as const;
export type BlockSort = (typeof BLOCK_SORTS)[number];

export interface BlockFilter {
  /** Contained in value or comment, whatever the case. */
  readonly search?: string;
  readonly kind?: BlockKind;
  /** Whether it has ended. */
  readonly expired?: boolean;
}

/** `conflict`: this is blocked already. `full`: as many blocks as there may be, of this kind or in all. */
export type BlockWriteResult =
  | { readonly result: 'ok'; readonly block: StoredBlock; readonly replaced: readonly string[] }
  | { readonly result: 'conflict'; readonly existing: StoredBlock }
  | { readonly result: 'full'; readonly max: number };

export type BlockPatchResult =
  | { readonly result: 'ok'; readonly block: StoredBlock }
  | { readonly result: 'not-found' }
  | { readonly result: 'version-mismatch'; readonly current: StoredBlock };

export interface BlockRepository {
  page(filter: BlockFilter, request: PageRequest<BlockSort>): Promise<Page<StoredBlock>>;
  get(id: string): Promise<StoredBlock | null>;
  /** Those of them that are there, in no order. */
  getEach(ids: readonly string[]): Promise<readonly StoredBlock[]>;
  /** All that the decision needs, at most `BLOCK_LIMITS.blocksMax`. */
  all(): Promise<readonly Block[]>;
  /** Puts itself in the place of a block of the same target that has ended; `replaced` names it. */
  create(write: BlockWrite, now: number): Promise<BlockWriteResult>;
  /** `ifVersion` guards against a lost update; undefined writes regardless. */
  update(id: string, patch: BlockPatch, ifVersion: number | undefined): Promise<BlockPatchResult>;
  remove(id: string): Promise<StoredBlock | null>;
  /** Counts on; those that are gone are passed over. */
  addHits(hits: readonly BlockHits[]): Promise<void>;
  /** Removes those that ended before this time; returns their ids. */
  sweep(endedBefore: number): Promise<readonly string[]>;
  find(target: BlockTarget): Promise<StoredBlock | null>;
}
