import type { SeriesSums } from '@gatehouse/ports';
import { nullableNum, num, type SqlRunner } from '../sql.ts';

export interface SeriesSumsQuery {
  /** Names of counters; each adds up over the range. */
  readonly names: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** What counters come to over a range, added up by the database: a day of samples need not be read for it. */
export async function seriesSums(sql: SqlRunner, { names, from, to }: SeriesSumsQuery): Promise<SeriesSums> {
  const columns = names.map((_, index) => `coalesce(sum(${valueOf(sql)}), 0) AS sum_${index}`);
  const [row] = await sql.all(
    `SELECT min(at) AS first, ${columns.join(', ')} FROM series_points WHERE at >= ? AND at < ?`,
    [...names.map((name) => pathOf(sql, name)), from, to],
  );
  if (row === undefined) return { firstAt: null, sums: {} };
  return {
    firstAt: nullableNum(row, 'first'),
    sums: Object.fromEntries(names.map((name, index) => [name, num(row, `sum_${index}`)])),
  };
}

/** The values of a point are JSON text; names have dots in them. */
const valueOf = ({ dialect }: SqlRunner): string =>
  dialect === 'sqlite'
    ? 'CAST(json_extract("values", ?) AS INTEGER)'
    : `CAST("values"::json ->> ? AS DOUBLE PRECISION)`;
const pathOf = ({ dialect }: SqlRunner, name: string): string =>
  dialect === 'sqlite' ? `$."${name}"` : name;
