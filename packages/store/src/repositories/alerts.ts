import {
  ALERT_LIMITS,
  type AlertFilter,
  type AlertRepository,
  type Page,
  type PageRequest,
  type StoredAlert,
} from '@gatehouse/ports';
import type { Database, Session } from '../database.ts';
import { keysetPage, type Placed, valuesOf, type Walk, walkSql } from '../keyset.ts';
import { and, type Fragment, fragment, num, nullableNum, type Row, storable, text } from '../sql.ts';
import { alertColumns, alertFromRecord, deliveryFromRecord } from './alert-records.ts';

export function createAlerts({ read, write }: Database): AlertRepository {
  const { firingMax, queueMax, seenMax } = ALERT_LIMITS;
  return {
    page: (filter, request) => read((session) => page(session, filter, request)),
    firing: () =>
      read(async ({ prisma }) => {
        const where = { resolvedAt: null };
        const found = await prisma.alert.findMany({ where, orderBy: { firedAt: 'asc' }, take: firingMax });
        return found.map(alertFromRecord);
      }),
    put: (alerts) =>
      write(async ({ prisma }) => {
        for (const alert of alerts) {
          const data = alertColumns(alert);
          await prisma.alert.upsert({ where: { id: alert.id }, create: data, update: data });
        }
      }),
    enqueue: (deliveries) =>
      write(async ({ prisma }) => {
        const room = Math.max(0, queueMax - (await prisma.alertDelivery.count()));
        for (const { nextAt, createdAt, ...rest } of deliveries.slice(0, room)) {
          await prisma.alertDelivery.create({
            data: { ...rest, nextAt: BigInt(nextAt), createdAt: BigInt(createdAt) },
          });
        }
        return deliveries.slice(room);
      }),
    due: (now, limit) =>
      read(async ({ prisma }) => {
        const where = { nextAt: { lte: BigInt(now) } };
        const found = await prisma.alertDelivery.findMany({ where, orderBy: { nextAt: 'asc' }, take: limit });
        return found.map(deliveryFromRecord);
      }),
    postpone: (id, attempts, nextAt) =>
      write(async ({ prisma }) => {
        await prisma.alertDelivery.updateMany({ where: { id }, data: { attempts, nextAt: BigInt(nextAt) } });
      }),
    settle: (id) =>
      write(async ({ prisma }) => {
        await prisma.alertDelivery.deleteMany({ where: { id } });
      }),
    waiting: () =>
      read(async ({ sql }) => {
        const rows = await sql.all(
          'SELECT channel_id, count(*) AS n FROM alert_deliveries GROUP BY channel_id',
        );
        return Object.fromEntries(rows.map((row) => [text(row, 'channel_id'), num(row, 'n')]));
      }),
    seen: (kind) =>
      read(async ({ prisma }) => {
        const found = await prisma.alertSeen.findMany({ where: { kind }, take: seenMax });
        return found.map(({ value }) => value);
      }),
    firstSeen: (kind, { from, to }, limit) =>
      read(async ({ prisma }) => {
        const found = await prisma.alertSeen.findMany({
          where: { kind, firstAt: { gte: BigInt(from), lt: BigInt(to) } },
          orderBy: [{ firstAt: 'desc' }, { value: 'asc' }],
          take: limit,
        });
        return found.map(({ value, firstAt }) => ({ value, firstAt: Number(firstAt) }));
      }),
    remember: (entries) =>
      write(async ({ prisma, sql }) => {
        for (const { kind, value: raw, at, firstAt } of entries) {
          const value = storable(raw);
          const lastAt = BigInt(at);
          await prisma.alertSeen.upsert({
            where: { kind_value: { kind, value } },
            create: { kind, value, firstAt: BigInt(firstAt), lastAt },
            update: { lastAt },
          });
        }
        const over = (await prisma.alertSeen.count()) - seenMax;
        if (over <= 0) return;
        await sql.run(
          `DELETE FROM alert_seen WHERE (kind, value) IN
             (SELECT kind, value FROM alert_seen ORDER BY last_at, kind, value LIMIT ?)`,
          [over],
        );
      }),
    sweep: (now) => write((session) => sweep(session, now)),
  };
}

async function sweep({ prisma, sql }: Session, now: number): Promise<number> {
  const silences = await prisma.alertSilence.deleteMany({ where: { until: { lte: BigInt(now) } } });
  const over = (await prisma.alert.count()) - ALERT_LIMITS.historyMax;
  if (over <= 0) return silences.count;
  const removed = await sql.run(
    `DELETE FROM alerts WHERE id IN
       (SELECT id FROM alerts WHERE resolved_at IS NOT NULL ORDER BY fired_at, id LIMIT ?)`,
    [over],
  );
  return silences.count + removed;
}

async function page(
  { sql }: Session,
  filter: AlertFilter,
  request: PageRequest<'firedAt'>,
): Promise<Page<StoredAlert>> {
  const where = whereOf(filter);
  const [row] = await sql.all(`SELECT count(*) AS n FROM alerts WHERE ${where.sql}`, where.values);
  const fetch = async (walk: Walk): Promise<readonly Placed<StoredAlert>[]> => {
    const parts = walkSql(['fired_at'], 'id', walk);
    const rows = await sql.all(
      `SELECT * FROM alerts WHERE ${where.sql} AND ${parts.where.sql} ${parts.tail.sql}`,
      valuesOf(where, parts.where, parts.tail),
    );
    return rows.map((found) => ({
      item: alertFromRow(found),
      position: { id: text(found, 'id'), values: [num(found, 'fired_at')] },
    }));
  };
  const found = await keysetPage(['alerts', filter], request, fetch);
  return { ...found, total: row === undefined ? 0 : num(row, 'n'), totalIsExact: true };
}

const alertFromRow = (row: Row): StoredAlert => {
  const resolvedAt = nullableNum(row, 'resolved_at');
  return alertFromRecord({
    id: text(row, 'id'),
    ruleId: text(row, 'rule_id'),
    kind: text(row, 'kind'),
    firedAt: BigInt(num(row, 'fired_at')),
    resolvedAt: resolvedAt === null ? null : BigInt(resolvedAt),
    facts: text(row, 'facts'),
  });
};

function whereOf({ firing, ruleId, kind }: AlertFilter): Fragment {
  const parts: Fragment[] = [];
  if (firing !== undefined) parts.push(fragment(`resolved_at IS ${firing ? '' : 'NOT '}NULL`));
  if (ruleId !== undefined) parts.push(fragment('rule_id = ?', ruleId));
  if (kind !== undefined) parts.push(fragment('kind = ?', kind));
  return and(parts);
}
