import type { Family } from '@gatehouse/auth-core';
import type {
  FacetValue,
  Histogram,
  HistogramBucket,
  UnauthorizedClient,
  UnauthorizedFacets,
  UnauthorizedFilter,
  UnauthorizedGroup,
  UnauthorizedGroupBy,
} from '@gatehouse/ports';
import { fragment, num, text, type SqlRunner } from '../sql.ts';
import { clientsOf, type CountedClass, type UnauthorizedClass } from './classes.ts';
import { checkedWhere, compileFilter, shownRows, type CompiledFilter } from './filter.ts';
import { currentGeneration } from './generations.ts';
import { planOf, type FilterPlan } from './plan.ts';
import { explained, INCIDENT, sinceDecided } from './incidents.ts';
import { boundedRows, countByClass, isCountable, type ClassCount } from './sample.ts';
import { fromSource } from './text-search.ts';
import { CLIENT_COLUMNS, CLIENT_JOINS, clientFromRow, familyOf } from './row.ts';

const HOUR_MS = 3_600_000;
/** Rows that are counted one by one where no estimate is made; the newest count. */
const NEWEST_ROWS_MAX = 10_000;

export async function unauthorizedFacets(
  sql: SqlRunner,
  { filter, now }: { readonly filter: UnauthorizedFilter; readonly now: number },
): Promise<UnauthorizedFacets> {
  const plan = await planOf(sql, await compileFilter(sql, await currentGeneration(sql), filter));
  const { totals, approximate } = await classTotals(sql, plan);
  const by = (label: (value: UnauthorizedClass) => string): readonly FacetValue[] => {
    const counts = new Map<string, number>();
    for (const value of totals) counts.set(label(value), (counts.get(label(value)) ?? 0) + value.clients);
    return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
  };
  return {
    reason: by(({ reason }) => reason),
    family: by(({ reason }) => familyOf(reason)),
    tlsUsed: by(({ tlsUsed }) => String(tlsUsed)),
    passwordProvided: by(({ passwordProvided }) => String(passwordProvided)),
    protocol: by(({ protocol }) => String(protocol)),
    listener: by(({ listener }) => listener),
    state: by(({ resolved }) => (resolved ? 'resolved' : 'open')),
    clients: clientsOf(totals),
    attempts: totals.reduce((sum, { attempts }) => sum + attempts, 0),
    newLastHour: await newSince(sql, plan.filter, now - HOUR_MS),
    approximate,
  };
}

async function classTotals(
  sql: SqlRunner,
  plan: FilterPlan,
): Promise<{ readonly totals: readonly CountedClass[]; readonly approximate: boolean }> {
  const { classes, matching, conditions } = plan.filter;
  if (conditions.length === 0) return { totals: matching, approximate: false };
  const { counts, approximate } = await countByClass(sql, plan, fragment('0'), []);
  const byId = new Map(classes.map((value) => [value.id, value]));
  const totals = counts.flatMap(({ classId, clients, attempts }) => {
    const value = byId.get(classId);
    return value === undefined ? [] : [{ ...value, clients, attempts }];
  });
  return { totals, approximate };
}

async function newSince(sql: SqlRunner, filter: CompiledFilter, since: number): Promise<number> {
  const checks = checkedWhere(filter);
  const [row] = await sql.all(
    `SELECT count(*) AS n FROM (SELECT * FROM ${fromSource(sql.dialect, { index: 'unauthorized_clients_first_at' })}
       WHERE c.generation = ? AND c.first_at >= ? ORDER BY c.first_at DESC LIMIT ?) AS c WHERE ${checks.sql}`,
    [filter.generation, since, NEWEST_ROWS_MAX, ...checks.values],
  );
  return row === undefined ? 0 : num(row, 'n');
}

/** Steps that a histogram's buckets are rounded up to, in milliseconds. */
const BUCKET_STEPS_MS = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400].map(
  (s) => s * 1_000,
);

/** Last attempts over time: over the filter's time range, else over what there is. */
export async function unauthorizedHistogram(
  sql: SqlRunner,
  {
    filter,
    buckets,
    now,
  }: { readonly filter: UnauthorizedFilter; readonly buckets: number; readonly now: number },
): Promise<Histogram> {
  const plan = await planOf(sql, await compileFilter(sql, await currentGeneration(sql), filter));
  const to = filter.to ?? now;
  const from = Math.min(filter.from ?? (await oldest(sql, plan.filter.generation)) ?? to - HOUR_MS, to);
  const wanted = Math.max(1, Math.ceil((to - from) / Math.max(1, buckets)));
  const bucketMs = BUCKET_STEPS_MS.find((step) => step >= wanted) ?? wanted;
  const start = Math.floor(from / bucketMs) * bucketMs;
  const bucket = fragment('CAST((c.last_at - ?) / ? AS BIGINT)', start, bucketMs);
  const within = [fragment('c.last_at >= ?', from), fragment('c.last_at <= ?', to)];
  const { counts, approximate } = await countByClass(sql, plan, bucket, within);
  const length = Math.floor((to - start) / bucketMs) + 1;
  const filled = fillBuckets(counts, plan.filter, length);
  return {
    from: start,
    to,
    bucketMs,
    buckets: filled.map((families, index) => ({ at: start + index * bucketMs, counts: families })),
    approximate,
  };
}

function fillBuckets(
  counted: readonly ClassCount[],
  { classes }: CompiledFilter,
  length: number,
): readonly HistogramBucket['counts'][] {
  const reasons = new Map(classes.map(({ id, reason }) => [id, reason]));
  const buckets = Array.from({ length }, (): Partial<Record<Family, number>> => ({}));
  for (const { bucket, classId, clients } of counted) {
    const families = buckets[Math.floor(bucket)];
    const family = familyOf(reasons.get(classId) ?? '');
    if (families !== undefined) families[family] = (families[family] ?? 0) + clients;
  }
  return buckets;
}

async function oldest(sql: SqlRunner, generation: number): Promise<number | null> {
  const [row] = await sql.all(
    'SELECT last_at FROM unauthorized_clients WHERE generation = ? ORDER BY last_at LIMIT 1',
    [generation],
  );
  return row === undefined ? null : num(row, 'last_at');
}

/** What a row's group is called, per kind of group. */
const GROUP_EXPRESSIONS: Readonly<Record<Exclude<UnauthorizedGroupBy, 'network'>, string>> = {
  username: 'c.username',
  reason: 'k.reason',
  incident: INCIDENT,
};

export async function unauthorizedGroups(
  sql: SqlRunner,
  {
    filter,
    by,
    limit,
  }: { readonly filter: UnauthorizedFilter; readonly by: UnauthorizedGroupBy; readonly limit: number },
): Promise<readonly UnauthorizedGroup[]> {
  const plan = await planOf(sql, await compileFilter(sql, await currentGeneration(sql), filter));
  // The first 120 bits of an IPv4 address's key are its /24, the first 64 of an IPv6 address's its /64.
  const network = `CASE WHEN c.ip_key LIKE '00000000000000000000ffff%' THEN substr(c.ip_key, 1, 30) ELSE substr(c.ip_key, 1, 16) END`;
  const rows = boundedRows(sql, plan, 'c.*');
  // An address is read for a network's name alone: all else of a reason and of an incident stands in an index.
  const [ip, smallestIp] = by === 'network' ? [', c.ip', ', min(ip) AS ip'] : ['', ''];
  const groups = await sql.all(
    `SELECT value, count(*) AS clients, CAST(sum(1 - resolved) AS BIGINT) AS open_clients, CAST(sum(attempts) AS BIGINT) AS attempts, min(first_at) AS first_at,
       max(last_at) AS last_at${smallestIp}
     FROM (SELECT ${by === 'network' ? network : GROUP_EXPRESSIONS[by]} AS value, k.resolved, c.attempts, c.first_at, c.last_at${ip}
       FROM (${rows.sql}) AS c JOIN unauthorized_classes k ON k.id = c.class_id) AS found
     GROUP BY value ORDER BY count(*) DESC, value LIMIT ?`,
    [...rows.values, limit],
  );
  const approximate = !isCountable(plan);
  const counted = groups.map((row) => ({
    value: by === 'network' ? networkLabel(text(row, 'value'), text(row, 'ip')) : text(row, 'value'),
    clients: num(row, 'clients'),
    open: num(row, 'open_clients'),
    attempts: num(row, 'attempts'),
    firstAttemptAt: num(row, 'first_at'),
    lastAttemptAt: num(row, 'last_at'),
    approximate,
  }));
  return by === 'incident' ? explained(sql, await sinceDecided(sql, rows, counted)) : counted;
}

function networkLabel(prefix: string, ip: string): string {
  if (prefix.length === 30) return `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`;
  if (prefix.length < 16) return ip;
  const groups = (prefix.match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}

export async function unauthorizedRelated(
  sql: SqlRunner,
  { id, limit }: { readonly id: number; readonly limit: number },
): Promise<{
  readonly sameIp: readonly UnauthorizedClient[];
  readonly sameUsername: readonly UnauthorizedClient[];
}> {
  const generation = await currentGeneration(sql);
  const [row] = await sql.all(
    'SELECT ip_key, username FROM unauthorized_clients WHERE id = ? AND generation = ?',
    [id, generation],
  );
  if (row === undefined) return { sameIp: [], sameUsername: [] };
  const same = async (column: 'ip_key' | 'username'): Promise<readonly UnauthorizedClient[]> => {
    const value = text(row, column);
    if (value === '') return [];
    const rows = await sql.all(
      `SELECT ${CLIENT_COLUMNS} FROM (SELECT * FROM unauthorized_clients c
         WHERE c.generation = ? AND c.${column} = ? AND c.id <> ? LIMIT ?) c ${CLIENT_JOINS}
       ORDER BY c.last_at DESC LIMIT ?`,
      [generation, value, id, NEWEST_ROWS_MAX, limit],
    );
    return rows.map(clientFromRow);
  };
  return { sameIp: await same('ip_key'), sameUsername: await same('username') };
}

const TOP_EXPRESSIONS = {
  reason: 'k.reason',
  ip: 'c.ip',
  username: 'c.username',
  clientId: 'c.client_id',
} as const;

export async function unauthorizedTop(
  sql: SqlRunner,
  {
    by,
    range,
    limit,
  }: {
    readonly by: keyof typeof TOP_EXPRESSIONS;
    readonly range: { readonly from: number; readonly to: number };
    readonly limit: number;
  },
): Promise<readonly FacetValue[]> {
  const generation = await currentGeneration(sql);
  const shown = await shownRows(sql, generation);
  // A row keeps its newest reason, address and username only: its attempts were not all made under them.
  const measure = by === 'clientId' ? 'CAST(sum(attempts) AS BIGINT)' : 'count(*)';
  const rows = await sql.all(
    `SELECT value, ${measure} AS n FROM (
       SELECT ${TOP_EXPRESSIONS[by]} AS value, c.attempts AS attempts FROM unauthorized_clients c
       JOIN unauthorized_classes k ON k.id = c.class_id
       WHERE c.generation = ? AND c.last_at >= ? AND c.last_at < ? AND ${shown.sql} ORDER BY c.last_at DESC LIMIT ?) AS found
     WHERE value <> '' GROUP BY value ORDER BY n DESC, value LIMIT ?`,
    [generation, range.from, range.to, ...shown.values, NEWEST_ROWS_MAX, limit],
  );
  return rows.map((row) => ({ value: text(row, 'value'), count: num(row, 'n') }));
}
