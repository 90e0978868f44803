import { randomUUID } from 'node:crypto';
import { BLOCK_LIMITS, type BlockTarget } from '@gatehouse/auth-core';
import type {
  BlockPatch,
  BlockPatchResult,
  BlockRepository,
  BlockWrite,
  BlockWriteResult,
  Clock,
  StoredBlock,
} from '@gatehouse/ports';
import type { Database, Session } from '../database.ts';
import type { Block as BlockRecord } from '../generated/sqlite/client.ts';
import { storable } from '../sql.ts';
import { blockFromRecord } from './block-record.ts';
import { big, inChunks, small } from './values.ts';

/** Blocks that a sweep removes at most. */
const SWEEP_CHUNK = 500;

export function createBlocks({ read, write, query }: Database, clock: Clock): BlockRepository {
  return {
    page: (filter, request) => query('blocks.page', { filter, request, now: clock.now() }),
    get: (id) => read(async ({ prisma }) => nullable(await prisma.block.findUnique({ where: { id } }))),
    getEach: (ids) =>
      read(({ prisma }) =>
        inChunks(ids, async (some) => {
          const records = await prisma.block.findMany({ where: { id: { in: [...some] } } });
          return records.map(blockFromRecord);
        }),
      ),
    find: (target) => read((session) => find(session, target)),
    all: () =>
      read(async ({ prisma }) => {
        const records = await prisma.block.findMany({ take: BLOCK_LIMITS.blocksMax });
        return records.map((record) => {
          const { id, kind, value, expiresAt } = blockFromRecord(record);
          return { id, kind, value, expiresAt };
        });
      }),
    create: (values, now) => write((session) => create(session, values, now)),
    update: (id, patch, ifVersion) => write((session) => update(session, id, patch, ifVersion)),
    remove: (id) =>
      write(async ({ prisma }) => {
        const record = await prisma.block.findUnique({ where: { id } });
        if (record !== null) await prisma.block.delete({ where: { id } });
        return nullable(record);
      }),
    addHits: (hits) =>
      write(async ({ sql }) => {
        for (const { id, hits: more, lastHitAt } of hits) {
          await sql.run(
            `UPDATE blocks SET hits = hits + ?,
               last_hit_at = CASE WHEN last_hit_at > ? THEN last_hit_at ELSE ? END WHERE id = ?`,
            [more, lastHitAt, lastHitAt, id],
          );
        }
      }),
    sweep: (endedBefore) =>
      write(async ({ prisma }) => {
        const ended = await prisma.block.findMany({
          where: { expiresAt: { lt: BigInt(endedBefore) } },
          select: { id: true },
          take: SWEEP_CHUNK,
        });
        const ids = ended.map(({ id }) => id);
        if (ids.length > 0) await prisma.block.deleteMany({ where: { id: { in: ids } } });
        return ids;
      }),
  };
}

const nullable = (record: BlockRecord | null): StoredBlock | null =>
  record === null ? null : blockFromRecord(record);

const find = async ({ prisma }: Session, { kind, value }: BlockTarget): Promise<StoredBlock | null> =>
  nullable(await prisma.block.findFirst({ where: { kind, value } }));

async function create(session: Session, values: BlockWrite, now: number): Promise<BlockWriteResult> {
  const { prisma } = session;
  const existing = await find(session, values);
  const ended =
    existing?.expiresAt !== null && existing?.expiresAt !== undefined && existing.expiresAt <= now;
  if (existing !== null && !ended) return { result: 'conflict', existing };
  if (existing !== null) await prisma.block.delete({ where: { id: existing.id } });
  const full = await bound(session, values);
  if (full !== undefined) return { result: 'full', max: full };
  const record = await prisma.block.create({
    data: {
      id: randomUUID(),
      version: 1,
      kind: values.kind,
      value: values.value,
      comment: storable(values.comment),
      createdAt: BigInt(now),
      createdBy: storable(values.createdBy),
      expiresAt: big(values.expiresAt),
      hits: 0n,
      lastHitAt: null,
    },
  });
  return {
    result: 'ok',
    block: blockFromRecord(record),
    replaced: existing === null ? [] : [existing.id],
  };
}

/** The bound that leaves no room for one more; undefined: there is room. */
async function bound({ prisma }: Session, { kind }: BlockTarget): Promise<number | undefined> {
  const { blocksMax, patternsMax } = BLOCK_LIMITS;
  if ((await prisma.block.count()) >= blocksMax) return blocksMax;
  if (kind !== 'pattern') return undefined;
  return (await prisma.block.count({ where: { kind } })) >= patternsMax ? patternsMax : undefined;
}

async function update(
  { prisma }: Session,
  id: string,
  { expiresAt, comment }: BlockPatch,
  ifVersion: number | undefined,
): Promise<BlockPatchResult> {
  const current = await prisma.block.findUnique({ where: { id } });
  if (current === null) return { result: 'not-found' };
  if (ifVersion !== undefined && ifVersion !== current.version) {
    return { result: 'version-mismatch', current: blockFromRecord(current) };
  }
  const record = await prisma.block.update({
    where: { id },
    data: {
      version: { increment: 1 },
      expiresAt: big(expiresAt === undefined ? small(current.expiresAt) : expiresAt),
      comment: comment === undefined ? current.comment : storable(comment),
    },
  });
  return { result: 'ok', block: blockFromRecord(record) };
}
