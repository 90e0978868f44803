import { valuesOf } from '../keyset.ts';
import { and, num, type Fragment, type SqlRunner } from '../sql.ts';
import { candidatesOf, type Candidates } from './candidates.ts';
import { clientsOf } from './classes.ts';
import {
  checkedWhere,
  classCondition,
  classFragment,
  type CompiledFilter,
  type RowCondition,
} from './filter.ts';
import { idsOf } from './id-sets.ts';
import { remember } from './remembered.ts';
import {
  CLASS_INDEX,
  fromSource,
  idsListed,
  LAST_AT_INDEX,
  sizeOfSource,
  type Source,
} from './text-search.ts';

/** Sources up to this size are read whole and sorted; beyond, rows are looked for in the order of the sort. */
export const SORTED_ROWS_MAX = 10_000;
/** The newest rows that are looked at to count where no source is small. */
const COUNTED_ROWS_MAX = 5_000;
/** Index entries that are looked at where an index alone shows what passes. */
const COUNTED_ENTRIES_MAX = 150_000;
/** The same where the candidates are known. */
const COUNTED_CANDIDATES_MAX = 2_000;

/** A filter with the sizes of its sources: what decides how rows are found. */
export interface FilterPlan {
  readonly filter: CompiledFilter;
  readonly sources: readonly SizedSource[];
  readonly candidates: LazyCandidates;
}

/** The candidates, put together when they are first asked for: they cost some milliseconds. */
interface LazyCandidates {
  /** Those that were asked for before. */
  readonly known: () => Candidates | undefined;
  readonly get: () => Promise<Candidates | undefined>;
}

export interface SizedSource {
  readonly source: Source;
  /** Counted to one more than {@link SORTED_ROWS_MAX}. */
  readonly size: number;
  /** The condition it stands for; undefined for the classes. */
  readonly condition: RowCondition | undefined;
}

export async function planOf(sql: SqlRunner, filter: CompiledFilter): Promise<FilterPlan> {
  const sources: SizedSource[] = [];
  for (const condition of filter.conditions) {
    const { source } = condition;
    if (source === undefined) continue;
    const size = await sizeOfSource(sql, filter.generation, source, SORTED_ROWS_MAX + 1);
    sources.push({ source, size, condition });
  }
  return { filter, sources, candidates: lazyCandidates(sql, filter) };
}

function lazyCandidates(sql: SqlRunner, filter: CompiledFilter): LazyCandidates {
  let found: { readonly candidates: Candidates | undefined } | undefined;
  return {
    known: () => found?.candidates,
    get: async () => {
      found ??= { candidates: await candidatesOf(sql, filter) };
      return found.candidates;
    },
  };
}

/** A number of rows: all there are, or those that were seen. */
interface RowCount {
  readonly rows: number;
  readonly exact: boolean;
}

/** The number of rows, exact as far as `limit`; where that would cost too much, those seen so far. */
export function countRows(sql: SqlRunner, plan: FilterPlan, limit: number): Promise<RowCount> {
  const { generation, matching, conditions } = plan.filter;
  const { sql: where, values } = and(conditions.map(({ checked }) => checked));
  const classes = matching.map(({ id }) => id);
  const isNarrowed = plan.candidates.known() !== undefined;
  return remember(sql, 'fact', ['count', generation, classes, where, values, isNarrowed, limit], () =>
    countAnew(sql, plan, limit),
  );
}

async function countAnew(sql: SqlRunner, plan: FilterPlan, limit: number): Promise<RowCount> {
  const { filter } = plan;
  if (filter.conditions.length === 0) return { rows: clientsOf(filter.matching), exact: true };
  const best = bestSource(plan);
  if (isAlone(plan, best) && best.size > limit) return { rows: limit, exact: false };
  const candidates = plan.candidates.known();
  if (best.size > SORTED_ROWS_MAX && candidates !== undefined)
    return countCandidates(sql, filter, candidates, limit);
  if (best.size <= SORTED_ROWS_MAX) {
    const counted = await countOf(sql, rowsOfSource(sql, filter, best), limit + 1);
    return { rows: Math.min(counted, limit), exact: counted <= limit };
  }
  const seen = sureRows(sql, filter) ?? newestRows(sql, filter);
  return { rows: await countOf(sql, seen, limit), exact: false };
}

/** A single condition may be seen to hold in an index alone. */
function sureRows(sql: SqlRunner, filter: CompiledFilter): Fragment | undefined {
  const [condition, ...others] = filter.conditions;
  if (condition?.sure === undefined || others.length > 0) return undefined;
  const { index, where } = condition.sure;
  const isRange = condition.source === condition.sure;
  const classes = and(classCondition(filter.classes, filter.matching));
  const [inside, outside] = isRange ? [where, classes] : [and([]), and([where, classes])];
  const column = index?.replace('unauthorized_clients_', '') ?? 'id';
  return {
    sql: `SELECT 1 FROM (SELECT c.class_id, c.${column} FROM ${fromSource(sql.dialect, { index })}
      WHERE c.generation = ? AND ${inside.sql} LIMIT ?) AS c WHERE ${outside.sql}`,
    values: [filter.generation, ...inside.values, COUNTED_ENTRIES_MAX, ...outside.values],
  };
}

async function countCandidates(
  sql: SqlRunner,
  filter: CompiledFilter,
  { set, exact }: Candidates,
  limit: number,
): Promise<RowCount> {
  if (exact) return { rows: Math.min(set.size, limit), exact: set.size <= limit };
  const ids = idsOf(set, COUNTED_CANDIDATES_MAX);
  const source: Source = { index: undefined, where: idsListed(sql.dialect, ids), exact: false };
  const rows = rowsOfSource(sql, filter, { source, size: ids.length, condition: undefined });
  const counted = await countOf(sql, rows, limit + 1);
  return { rows: Math.min(counted, limit), exact: counted <= limit && ids.length === set.size };
}

async function countOf(sql: SqlRunner, rows: Fragment, limit: number): Promise<number> {
  const [row] = await sql.all(`SELECT count(*) AS n FROM (${rows.sql} LIMIT ?) AS found`, [
    ...rows.values,
    limit,
  ]);
  return row === undefined ? 0 : num(row, 'n');
}

function rowsOfSource(sql: SqlRunner, filter: CompiledFilter, best: SizedSource): Fragment {
  const { where } = best.source;
  const checks = checksBeside(filter, best);
  return {
    sql: `SELECT 1 FROM ${fromSource(sql.dialect, best.source)} WHERE c.generation = ? AND ${where.sql} AND ${checks.sql}`,
    values: [filter.generation, ...valuesOf(where, checks)],
  };
}

function newestRows(sql: SqlRunner, filter: CompiledFilter): Fragment {
  const index = LAST_AT_INDEX;
  const bounds = boundsOn(filter, 'last_at');
  const checks = checkedWhere(filter);
  return {
    sql: `SELECT 1 FROM (SELECT ${CHECKED_COLUMNS} FROM ${fromSource(sql.dialect, { index })}
      WHERE c.generation = ? AND ${bounds.sql} ORDER BY c.last_at DESC LIMIT ?) AS c WHERE ${checks.sql}`,
    values: [filter.generation, ...bounds.values, COUNTED_ROWS_MAX, ...checks.values],
  };
}

/** Columns that conditions look at. */
export const CHECKED_COLUMNS =
  'c.id, c.class_id, c.client_id, c.username, c.ip, c.ip_key, c.first_at, c.last_at';

/** Conditions on the very column that is walked bound the walk instead of being checked on its way. */
export function boundsOn({ conditions }: CompiledFilter, column: string): Fragment {
  const index = `unauthorized_clients_${column}`;
  return and(conditions.flatMap(({ source }) => (source?.index === index ? [source.where] : [])));
}

/** Whether a source alone is the whole filter. */
function isAlone({ filter }: FilterPlan, { source, condition }: SizedSource): boolean {
  const others = filter.conditions.filter((other) => other !== condition);
  return source.exact && others.length === 0 && filter.matching.length === filter.classes.length;
}

/** The smallest source; that of the classes is always there. */
export function bestSource({ filter, sources }: Pick<FilterPlan, 'filter' | 'sources'>): SizedSource {
  const source: Source = {
    index: CLASS_INDEX,
    where: classFragment(filter.matching),
    exact: true,
  };
  const ofClasses: SizedSource = { source, size: clientsOf(filter.matching), condition: undefined };
  return sources.reduce((best, other) => (other.size < best.size ? other : best), ofClasses);
}

/** What is still to be checked of rows from a source. */
export function checksBeside(
  { classes, matching, conditions }: CompiledFilter,
  { source, condition }: SizedSource,
): Fragment {
  const left = conditions.filter((other) => other !== condition || !source.exact);
  return and([
    ...(condition === undefined ? [] : classCondition(classes, matching)),
    ...left.map(({ checked }) => checked),
  ]);
}
