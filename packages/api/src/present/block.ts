import type { BlockDto } from '@gatehouse/contract';
import type { StoredBlock } from '@gatehouse/ports';
import { iso, isoOrNull } from './time.ts';

export const presentBlock = (block: StoredBlock, now: number): BlockDto => ({
  id: block.id,
  version: block.version,
  kind: block.kind,
  value: block.value,
  comment: block.comment,
  createdAt: iso(block.createdAt),
  createdBy: block.createdBy,
  expiresAt: isoOrNull(block.expiresAt),
  expired: block.expiresAt !== null && block.expiresAt <= now,
  hits: block.hits,
  lastHitAt: isoOrNull(block.lastHitAt),
});

/** What the audit keeps of a block. */
export const auditBlock = ({ kind, value, expiresAt, comment }: StoredBlock) => ({
  kind,
  value,
  expiresAt: isoOrNull(expiresAt),
  comment,
});

export const blockAuditTarget = ({ id, value }: Pick<StoredBlock, 'id' | 'value'>) => ({
  kind: 'block',
  id,
  name: value,
});
