import { BLOCK_KINDS, type BlockKind } from '@gatehouse/auth-core';
import type { StoredBlock } from '@gatehouse/ports';
import type { Block as BlockRecord } from '../generated/sqlite/client.ts';
import { nullableNum, num, type Row, text } from '../sql.ts';
import { small } from './values.ts';

/** Rows are written by this package alone. */
function kindOf(kind: string): BlockKind {
  const known = BLOCK_KINDS.find((one) => one === kind);
  if (known === undefined) throw new TypeError(`a stored block has the kind ${kind}`);
  return known;
}

/** A block from Prisma's record. */
export const blockFromRecord = (record: BlockRecord): StoredBlock => ({
  id: record.id,
  version: record.version,
  kind: kindOf(record.kind),
  value: record.value,
  comment: record.comment,
  createdAt: Number(record.createdAt),
  createdBy: record.createdBy,
  expiresAt: small(record.expiresAt),
  hits: Number(record.hits),
  lastHitAt: small(record.lastHitAt),
});

/** The same from a row of hand-written SQL. */
export const blockFromRow = (row: Row): StoredBlock => ({
  id: text(row, 'id'),
  version: num(row, 'version'),
  kind: kindOf(text(row, 'kind')),
  value: text(row, 'value'),
  comment: text(row, 'comment'),
  createdAt: num(row, 'created_at'),
  createdBy: text(row, 'created_by'),
  expiresAt: nullableNum(row, 'expires_at'),
  hits: num(row, 'hits'),
  lastHitAt: nullableNum(row, 'last_hit_at'),
});
