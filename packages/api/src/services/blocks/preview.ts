import { type BlockTarget, createBlockGate } from '@gatehouse/auth-core';
import type { BlockPreviewDto, blockTarget } from '@gatehouse/contract';
import type { UnauthorizedFilter } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentBlock } from '../../present/block.ts';
import { notBusy } from '../../present/scan-page.ts';
import { readTarget } from './read-target.ts';

/** How far back refused clients are counted, milliseconds. */
const LOOK_BACK_MS = 86_400_000;
/** Refused clients that a pattern is tried on. */
const TRIED_ROWS_MAX = 10_000;
const CHUNK = 1_000;

/** Whom a block would meet, before it is made: nobody is to lock himself out unawares. */
export const previewBlock = async (
  ctx: Context,
  body: z.output<typeof blockTarget>,
): Promise<BlockPreviewDto> => {
  authorize(ctx, 'blocks:write');
  const { store, dataPlane, clock } = ctx.house;
  const target = readTarget(ctx, body);
  const now = clock.now();
  const [open, refusedClients, found] = await Promise.all([
    dataPlane.previewBlock(target),
    countRefused(ctx, target, now - LOOK_BACK_MS),
    store.blocks.find(target),
  ]);
  const { sessions, examples, complete } = notBusy(open);
  const existing = found === null ? null : presentBlock(found, now);
  return {
    ...target,
    openSessions: { count: sessions, countIsExact: complete, examples: [...examples] },
    refusedClients,
    existing: existing?.expired === true ? null : existing,
  };
};

const countRefused = async (
  ctx: Context,
  target: BlockTarget,
  from: number,
): Promise<BlockPreviewDto['refusedClients']> => {
  const filter = filterOf(target);
  if (filter === undefined) return target.kind === 'pattern' ? countByPattern(ctx, target, from) : null;
  const sort = { field: 'lastAttemptAt', direction: 'desc' } as const;
  const page = await ctx.house.store.unauthorized.page({ ...filter, from }, { limit: 1, sort });
  return { count: page.total, countIsExact: page.totalIsExact };
};

const filterOf = ({ kind, value }: BlockTarget): UnauthorizedFilter | undefined => {
  switch (kind) {
    case 'clientId':
      return { clientId: { op: 'eq', value } };
    case 'username':
      return { username: { op: 'eq', value } };
    case 'ip':
    case 'cidr':
      return { ip: { include: [value] } };
    case 'fingerprint':
    case 'pattern':
      return undefined;
  }
};

/** No index helps a pattern: it is tried on so many of the newest rows, and then the count is a lower bound. */
const countByPattern = async (ctx: Context, target: BlockTarget, from: number) => {
  const { store, clock, patterns } = ctx.house;
  const meets = createBlockGate({ clock, patterns }).only([{ ...target, id: '', expiresAt: null }]);
  let count = 0;
  let tried = 0;
  for await (const rows of store.unauthorized.stream({ from }, CHUNK)) {
    count += rows.filter(({ clientId, username, ip }) =>
      meets({
        clientId: clientId ?? '',
        names: username === null ? [] : [username],
        ip,
        fingerprint: undefined,
      }),
    ).length;
    tried += rows.length;
    if (tried >= TRIED_ROWS_MAX) return { count, countIsExact: false };
  }
  return { count, countIsExact: true };
};
