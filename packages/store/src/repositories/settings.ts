import type { SeriesPoint, SeriesRepository, SettingsRepository } from '@gatehouse/ports';
import type { Database } from '../database.ts';
import { json } from '../sql.ts';

export function createSettings({ read, write }: Database): SettingsRepository {
  return {
    get: (key) =>
      read(async ({ prisma }) => {
        const record = await prisma.setting.findUnique({ where: { key } });
        return record === null ? undefined : (JSON.parse(record.value) as unknown);
      }),
    set: (key, value) =>
      write(async ({ prisma }) => {
        const stored = json(value);
        await prisma.setting.upsert({
          where: { key },
          create: { key, value: stored },
          update: { value: stored },
        });
      }),
    remove: (key) =>
      write(async ({ prisma }) => {
        await prisma.setting.deleteMany({ where: { key } });
      }),
  };
}

/** Points removed per transaction. */
const SWEEP_CHUNK = 500;

interface PointRecord {
  readonly at: bigint;
  readonly node: string;
  readonly values: string;
}

const pointOf = ({ at, node, values }: PointRecord): SeriesPoint => ({
  at: Number(at),
  node,
  values: JSON.parse(values) as Record<string, number>,
});

export function createSeries({ read, write, query }: Database): SeriesRepository {
  return {
    append: (points) =>
      write(async ({ prisma }) => {
        for (const { at: asked, node, values } of points) {
          let at = BigInt(asked);
          const stored = json(values);
          for (;;) {
            const found = await prisma.seriesPoint.findUnique({ where: { at }, select: { node: true } });
            // Who is slower than another that looks at the same time is refused by the key, and samples anew.
            if (found === null) await prisma.seriesPoint.create({ data: { at, node, values: stored } });
            else if (found.node === node)
              await prisma.seriesPoint.update({ where: { at }, data: { values: stored } });
            else {
              at += 1n;
              continue;
            }
            break;
          }
        }
      }),
    range: (from, to) =>
      read(async ({ prisma }) => {
        const records = await prisma.seriesPoint.findMany({
          where: { at: { gte: BigInt(from), lt: BigInt(to) } },
          orderBy: { at: 'asc' },
        });
        return records.map(pointOf);
      }),
    sums: (names, { from, to }) => query('series.sums', { names, from, to }),
    oldest: () =>
      read(async ({ prisma }) => {
        const found = await prisma.seriesPoint.findFirst({ orderBy: { at: 'asc' }, select: { at: true } });
        return found === null ? null : Number(found.at);
      }),
    sweep: (before) =>
      write(async ({ prisma }) => {
        const old = await prisma.seriesPoint.findMany({
          where: { at: { lt: BigInt(before) } },
          select: { at: true },
          take: SWEEP_CHUNK,
        });
        return (await prisma.seriesPoint.deleteMany({ where: { at: { in: old.map(({ at }) => at) } } }))
          .count;
      }),
  };
}
