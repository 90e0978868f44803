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

const pointOf = ({ at, values }: { readonly at: bigint; readonly values: string }): SeriesPoint => ({
  at: Number(at),
  values: JSON.parse(values) as Record<string, number>,
});

export function createSeries({ read, write, query }: Database): SeriesRepository {
  return {
    append: (points) =>
      write(async ({ prisma }) => {
        for (const { at, values } of points) {
          const stored = json(values);
          await prisma.seriesPoint.upsert({
            where: { at: BigInt(at) },
            create: { at: BigInt(at), values: stored },
            update: { values: stored },
          });
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
    lastBefore: (time) =>
      read(async ({ prisma }) => {
        const where = { at: { lt: BigInt(time) } };
        const found = await prisma.seriesPoint.findFirst({ where, orderBy: { at: 'desc' } });
        return found === null ? null : pointOf(found);
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
