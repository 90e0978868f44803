import type { StoredBlock } from '@gatehouse/ports';
import type { Announcing } from '../../house.ts';

/** Tells the data plane, after the commit, who is blocked from now on and who is no longer. */
export const announceBlocks = (
  ctx: Announcing,
  put: readonly StoredBlock[],
  removed: readonly string[],
): void => {
  const blocks = put.map(({ id, kind, value, expiresAt }) => ({ id, kind, value, expiresAt }));
  ctx.house.dataPlane.publish({ kind: 'blocks-changed', put: blocks, removed });
};
