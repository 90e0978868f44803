import { and, num, type Fragment, type SqlRunner } from '../sql.ts';
import { checkedWhere } from './filter.ts';
import { clientsOf } from './classes.ts';
import { bestSource, checksBeside, SORTED_ROWS_MAX, type FilterPlan } from './plan.ts';
import { fromSource, idsListed } from './text-search.ts';

/** Rows that a count looks at one by one, at most; of a larger table it takes a sample. */
const SCANNED_ROWS_MAX = 30_000;
/** Rows of a sample. */
const SAMPLED_ROWS = 15_000;

/** Rows counted by class and a number of the caller's choosing. */
export interface ClassCount {
  readonly bucket: number;
  readonly classId: number;
  readonly clients: number;
  readonly attempts: number;
}

/** Counts of rows; estimated from a sample where `approximate`. */
export interface ClassCounts {
  readonly counts: readonly ClassCount[];
  readonly approximate: boolean;
}

/** Where exact answers can be read from in bounded time: a small source, or a table that is small itself. */
export function isCountable(plan: FilterPlan): boolean {
  return bestSource(plan).size <= SORTED_ROWS_MAX || clientsOf(plan.filter.classes) <= SCANNED_ROWS_MAX;
}

/**
 * `SELECT columns` of the rows of a filter: all of them where {@link isCountable}, else those among the newest
 * {@link SCANNED_ROWS_MAX} of the table.
 */
export function boundedRows(sql: SqlRunner, plan: FilterPlan, columns: string): Fragment {
  const { filter } = plan;
  const best = bestSource(plan);
  if (best.size <= SORTED_ROWS_MAX) {
    const { where } = best.source;
    const checks = checksBeside(filter, best);
    return {
      sql: `SELECT ${columns} FROM ${fromSource(sql.dialect, best.source)}
        WHERE c.generation = ? AND ${where.sql} AND ${checks.sql}`,
      values: [filter.generation, ...where.values, ...checks.values],
    };
  }
  const checks = checkedWhere(filter);
  return {
    sql: `SELECT ${columns} FROM (SELECT * FROM ${fromSource(sql.dialect, { index: 'unauthorized_clients_last_at' })}
      WHERE c.generation = ? ORDER BY c.last_at DESC LIMIT ?) AS c WHERE ${checks.sql}`,
    values: [filter.generation, SCANNED_ROWS_MAX, ...checks.values],
  };
}

/** Counts the rows of a filter per class and `bucket`, an expression on `c`; rows must pass `within` as well. */
export async function countByClass(
  sql: SqlRunner,
  plan: FilterPlan,
  bucket: Fragment,
  within: readonly Fragment[],
): Promise<ClassCounts> {
  if (!isCountable(plan)) return sampleByClass(sql, plan, bucket, within);
  const rows = boundedRows(sql, plan, 'c.class_id, c.attempts, c.last_at');
  const range = and(within);
  const counted = await sql.all(
    `SELECT bucket, class_id, count(*) AS clients, CAST(sum(attempts) AS BIGINT) AS attempts
     FROM (SELECT ${bucket.sql} AS bucket, c.class_id, c.attempts FROM (${rows.sql}) AS c WHERE ${range.sql}) AS found
     GROUP BY bucket, class_id`,
    [...bucket.values, ...rows.values, ...range.values],
  );
  return {
    approximate: false,
    counts: counted.map((row) => ({
      bucket: num(row, 'bucket'),
      classId: num(row, 'class_id'),
      clients: num(row, 'clients'),
      attempts: num(row, 'attempts'),
    })),
  };
}

/**
 * Rows by evenly spaced ids: ids are handed out in order of first refusal, so the sample is spread over the table. The
 * exact count of each class tells how many rows each sampled one stands for.
 */
async function sampleByClass(
  sql: SqlRunner,
  { filter }: FilterPlan,
  bucket: Fragment,
  within: readonly Fragment[],
): Promise<ClassCounts> {
  const checks = and([checkedWhere(filter), ...within]);
  const listed = idsListed(sql.dialect, await spacedIds(sql));
  const rows = await sql.all(
    `SELECT bucket, class_id, count(*) AS sampled, CAST(sum(hit) AS BIGINT) AS hits, CAST(sum(attempts) AS BIGINT) AS tried,
       CAST(sum(hit * attempts) AS BIGINT) AS hit_attempts
     FROM (SELECT ${bucket.sql} AS bucket, c.class_id, c.attempts, CASE WHEN ${checks.sql} THEN 1 ELSE 0 END AS hit
       FROM ${fromSource(sql.dialect, { index: undefined })} WHERE c.generation = ? AND ${listed.sql}) AS found
     GROUP BY bucket, class_id`,
    [...bucket.values, ...checks.values, filter.generation, ...listed.values],
  );
  const totals = new Map<number, { sampled: number; tried: number }>();
  for (const row of rows) {
    const total = totals.get(num(row, 'class_id')) ?? { sampled: 0, tried: 0 };
    total.sampled += num(row, 'sampled');
    total.tried += num(row, 'tried');
    totals.set(num(row, 'class_id'), total);
  }
  const classes = new Map(filter.classes.map((value) => [value.id, value]));
  const counts = rows.flatMap((row): ClassCount[] => {
    const classId = num(row, 'class_id');
    const [total, exact] = [totals.get(classId), classes.get(classId)];
    if (total === undefined || exact === undefined || num(row, 'hits') === 0) return [];
    const clients = Math.round((num(row, 'hits') / total.sampled) * exact.clients);
    const attempts = Math.round((num(row, 'hit_attempts') / total.tried) * exact.attempts);
    return [{ bucket: num(row, 'bucket'), classId, clients, attempts }];
  });
  return { approximate: true, counts };
}

async function spacedIds(sql: SqlRunner): Promise<readonly number[]> {
  const [row] = await sql.all(
    `SELECT coalesce((SELECT min(id) FROM unauthorized_clients), 0) AS first,
       coalesce((SELECT max(id) FROM unauthorized_clients), 0) AS last`,
  );
  const [first, last] = row === undefined ? [0, 0] : [num(row, 'first'), num(row, 'last')];
  const step = Math.max(1, (last - first + 1) / SAMPLED_ROWS);
  return Array.from({ length: Math.min(SAMPLED_ROWS, last - first + 1) }, (_, index) =>
    Math.floor(first + index * step),
  );
}
