import { BLOCK_LIMITS, readBlockValue } from '@gatehouse/auth-core';
import { ENDPOINTS } from '@gatehouse/contract';
import { re2Patterns } from '../../re2-patterns.ts';
import type { ApiClient } from '../api-client.ts';
import { collectPages } from '../paging.ts';
import type { ForeignBlock, Leftover } from './foreign.ts';

interface Planned {
  readonly fresh: readonly ForeignBlock[];
  readonly skipped: number;
  readonly errors: readonly Leftover[];
}

const keyOf = ({ kind, value }: Pick<ForeignBlock['block'], 'kind' | 'value'>): string => `${kind} ${value}`;

/** Which blocks are to be made, which are there already, and which the server would not take. */
export async function planBlocks(api: ApiClient, blocks: readonly ForeignBlock[]): Promise<Planned> {
  if (blocks.length === 0) return { fresh: [], skipped: 0, errors: [] };
  const existing = await collectPages(BLOCK_LIMITS.blocksMax, (paging) =>
    api.call(ENDPOINTS.listBlocks, { query: { expired: false, ...paging } }),
  );
  const known = new Set(existing.map(keyOf));
  const fresh: ForeignBlock[] = [];
  const errors: Leftover[] = [];
  let skipped = 0;
  for (const one of blocks) {
    const read = readBlockValue(one.block.kind, one.block.value, re2Patterns);
    if ('problem' in read) {
      errors.push({ at: one.at, message: read.problem });
      continue;
    }
    const key = keyOf({ ...one.block, value: read.value });
    if (known.has(key)) skipped += 1;
    else if (known.size < BLOCK_LIMITS.blocksMax) fresh.push(one);
    else errors.push({ at: one.at, message: `there may be ${BLOCK_LIMITS.blocksMax} blocks` });
    known.add(key);
  }
  return { fresh, skipped, errors };
}
