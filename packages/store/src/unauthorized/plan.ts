import type { UnauthorizedSort } from '@gatehouse/ports';
import { valuesOf, walkSql, type Walk } from '../keyset.ts';
import { and, num, text, type Fragment, type SqlRunner } from '../sql.ts';
import type { CountedClass } from './classes.ts';
import {
  checkedWhere,
  classCondition,
  classFragment,
  type CompiledFilter,
  type RowCondition,
} from './filter.ts';
import { listedSource } from './id-sets.ts';
import { fromSource, sizeOfSource, type Source } from './text-search.ts';

/** Sources up to this size are read whole and sorted; beyond, rows are looked for in the order of the sort. */
export const SORTED_ROWS_MAX = 10_000;
/** Classes whose rows are merged by time, each from its own index range. */
const MERGED_CLASSES_MAX = 100;
/** Rows that a walk looks at before it gives up for reading a source whole. */
const WALKED_ROWS_MAX = 30_000;
/** The same where several sources can be put together instead. */
const WALKED_ROWS_OF_SEVERAL_MAX = 10_000;
/** Rows that are looked at to count where no source is small; some more than are shown as counted. */
const COUNTED_ROWS_MAX = 12_000;
/** The same where the index alone decides. */
const WALKED_ENTRIES_MAX = 150_000;
/** The same where a source can be read whole from its index instead. */
const WALKED_BRIEFLY_MAX = 4_000;

const CLASS_INDEX = 'unauthorized_clients_class';
const LAST_AT_INDEX = 'unauthorized_clients_last_at';

/** A filter with the sizes of its sources: what decides how rows are found. */
export interface FilterPlan {
  readonly filter: CompiledFilter;
  readonly sources: readonly SizedSource[];
}

export interface SizedSource {
  readonly source: Source;
  /** Counted to one more than {@link SORTED_ROWS_MAX}. */
  readonly size: number;
  /** The condition it stands for; undefined for the classes. */
  readonly condition: RowCondition | undefined;
}

/** A row found, with the values it is sorted by. */
export interface FoundRow {
  readonly id: number;
  readonly values: readonly (string | number)[];
}

export async function planOf(sql: SqlRunner, filter: CompiledFilter): Promise<FilterPlan> {
  const sources: SizedSource[] = [];
  for (const condition of filter.conditions) {
    const { source } = condition;
    if (source === undefined) continue;
    const size = await sizeOfSource(sql, filter.generation, source, SORTED_ROWS_MAX + 1);
    sources.push({ source, size, condition });
  }
  return { filter, sources };
}

/** The number of rows, exact as far as `limit`; where that would cost too much, those seen so far. */
export async function countRows(
  sql: SqlRunner,
  plan: FilterPlan,
  limit: number,
): Promise<{ readonly rows: number; readonly exact: boolean }> {
  const { filter } = plan;
  const ofClasses = clientsOf(filter.matching);
  if (filter.conditions.length === 0) return { rows: ofClasses, exact: true };
  const best = bestSource(plan);
  if (isAlone(plan, best) && best.size > limit) return { rows: limit, exact: false };
  const rows = best.size <= SORTED_ROWS_MAX ? rowsOfSource(sql, filter, best) : newestRows(sql, filter);
  const [row] = await sql.all(`SELECT count(*) AS n FROM (${rows.sql} LIMIT ?) AS found`, [
    ...rows.values,
    limit + 1,
  ]);
  const counted = row === undefined ? 0 : num(row, 'n');
  return { rows: Math.min(counted, limit), exact: counted <= limit && best.size <= SORTED_ROWS_MAX };
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
const CHECKED_COLUMNS = 'c.id, c.class_id, c.client_id, c.username, c.ip, c.ip_key, c.first_at, c.last_at';

/** Whether a source alone is the whole filter. */
function isAlone({ filter }: FilterPlan, { source, condition }: SizedSource): boolean {
  const others = filter.conditions.filter((other) => other !== condition);
  return source.exact && others.length === 0 && filter.matching.length === filter.classes.length;
}

export function clientsOf(classes: readonly CountedClass[]): number {
  return classes.reduce((sum, { clients }) => sum + clients, 0);
}

/** The smallest source; that of the classes is always there. */
export function bestSource({ filter, sources }: FilterPlan): SizedSource {
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

const COLUMNS = {
  lastAttemptAt: 'last_at',
  firstAttemptAt: 'first_at',
  attempts: 'attempts',
  clientId: 'client_id',
  username: 'username',
  ip: 'ip_key',
} as const;
type Column = (typeof COLUMNS)[keyof typeof COLUMNS];

/** The rows of a walk in the order of a sort. */
export async function findRows(
  sql: SqlRunner,
  plan: FilterPlan,
  sort: UnauthorizedSort,
  walk: Walk,
): Promise<readonly FoundRow[]> {
  if (plan.filter.matching.length === 0) return [];
  return sort === 'reason' || sort === 'listener'
    ? findByLabel(sql, plan, sort, walk)
    : findByColumn(sql, plan, COLUMNS[sort], walk);
}

/** Sorted by what the class tells: one value after the other, the rows of each by time. */
async function findByLabel(
  sql: SqlRunner,
  plan: FilterPlan,
  sort: 'reason' | 'listener',
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const { filter, sources } = plan;
  const inSource = async (): Promise<readonly FoundRow[]> =>
    findInSource(sql, filter, await wholeSource(sql, plan), [`k.${sort}`, 'c.last_at'], walk);
  if (sources.some(({ size }) => size <= SORTED_ROWS_MAX)) return inSource();
  const sign = walk.ascending ? 1 : -1;
  const labels = [...new Set(filter.matching.map((value) => value[sort]))].sort((a, b) =>
    a < b ? -sign : sign,
  );
  const [start, ...rest] = walk.after?.values ?? [];
  const rows: FoundRow[] = [];
  for (const label of labels) {
    if (start !== undefined && (walk.ascending ? label < String(start) : label > String(start))) continue;
    const after = label === start && walk.after !== null ? { id: walk.after.id, values: rest } : null;
    const matching = filter.matching.filter((value) => value[sort] === label);
    const ofLabel = { filter: { ...filter, matching }, sources };
    const some = await tryColumn(sql, ofLabel, 'last_at', {
      ...walk,
      after,
      limit: walk.limit - rows.length,
    });
    if (some === 'too-far') return inSource();
    rows.push(...some.map(({ id, values }) => ({ id, values: [label, ...values] })));
    if (rows.length >= walk.limit) break;
  }
  return rows;
}

async function findByColumn(
  sql: SqlRunner,
  plan: FilterPlan,
  column: Column,
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const rows = await tryColumn(sql, plan, column, walk);
  return rows === 'too-far'
    ? findInSource(sql, plan.filter, await wholeSource(sql, plan), [`c.${column}`], walk)
    : rows;
}

/** What is read whole where rows are sparse in the order of a sort. */
async function wholeSource(sql: SqlRunner, plan: FilterPlan): Promise<SizedSource> {
  const best = bestSource(plan);
  if (best.size <= SORTED_ROWS_MAX || !hasSeveralSources(plan.filter.conditions)) return best;
  const source = await listedSource(sql, plan.filter);
  return source === undefined ? best : { source, size: SORTED_ROWS_MAX, condition: undefined };
}

/** The rows by whichever way is short; `too-far` when they are too sparse in the order of the sort. */
async function tryColumn(
  sql: SqlRunner,
  plan: FilterPlan,
  column: Column,
  walk: Walk,
): Promise<readonly FoundRow[] | 'too-far'> {
  const { filter } = plan;
  const isWhole = filter.conditions.length === 0 && filter.matching.length === filter.classes.length;
  if (isWhole) return findInOrder(sql, filter, column, walk);
  const best = bestSource(plan);
  if (best.size <= SORTED_ROWS_MAX) return findInSource(sql, filter, best, [`c.${column}`], walk);
  if (
    filter.conditions.length === 0 &&
    column === 'last_at' &&
    filter.matching.length <= MERGED_CLASSES_MAX
  ) {
    return findInClasses(sql, filter, walk);
  }
  const covering = coveringSource(filter, column);
  const budget = walkBudget(filter, covering !== undefined);
  const rows = await findInOrder(sql, filter, column, walk, budget);
  if (rows.length >= walk.limit) return rows;
  return covering === undefined ? 'too-far' : findInSource(sql, filter, covering, [`c.${column}`], walk);
}

function hasSeveralSources(conditions: readonly RowCondition[]): boolean {
  return conditions.filter(({ source }) => source !== undefined).length > 1;
}

function walkBudget({ conditions }: CompiledFilter, hasCovering: boolean): number {
  if (hasCovering) return WALKED_BRIEFLY_MAX;
  if (conditions.every(({ narrow }) => narrow === true)) return WALKED_ENTRIES_MAX;
  return hasSeveralSources(conditions) ? WALKED_ROWS_OF_SEVERAL_MAX : WALKED_ROWS_MAX;
}

/** An index that has all that a filter by class and time and a sort by number look at. */
function coveringSource(filter: CompiledFilter, column: Column): SizedSource | undefined {
  if (column !== 'last_at' && column !== 'first_at' && column !== 'attempts') return undefined;
  const ofTime = filter.conditions.filter(({ source }) => source?.index === LAST_AT_INDEX);
  const [condition] = ofTime;
  const others = filter.conditions.filter((other) => other !== condition);
  if (!others.every(({ narrow }) => narrow === true)) return undefined;
  const size = clientsOf(filter.matching);
  const time = condition?.source?.where ?? and([]);
  if (filter.matching.length === filter.classes.length)
    return { source: { index: LAST_AT_INDEX, where: time, exact: true }, size, condition };
  const where = and([classFragment(filter.matching), time]);
  return { source: { index: CLASS_INDEX, where, exact: true }, size, condition };
}

/** Reads a source whole and sorts it by expressions on `c` or its class `k`. */
async function findInSource(
  sql: SqlRunner,
  filter: CompiledFilter,
  best: SizedSource,
  expressions: readonly string[],
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const checks = checksBeside(filter, best);
  // The plus keeps SQLite from walking the sort's index after all.
  const parts = walkSql(expressions, sql.dialect === 'sqlite' ? '+c.id' : 'c.id', walk);
  const { where } = best.source;
  const classes = expressions.some((expression) => expression.startsWith('k.'))
    ? 'CROSS JOIN unauthorized_classes k'
    : '';
  const joined = classes === '' ? '' : 'AND k.id = c.class_id';
  return found(
    sql,
    expressions,
    `SELECT c.id AS id, ${sortValues(expressions)} FROM ${fromSource(sql.dialect, best.source)} ${classes}
     WHERE c.generation = ? ${joined} AND ${where.sql} AND ${checks.sql} AND ${parts.where.sql} ${parts.tail.sql}`,
    [filter.generation, ...valuesOf(where, checks, parts.where, parts.tail)],
  );
}

/** Merges the newest (or oldest) rows of each class. */
async function findInClasses(
  sql: SqlRunner,
  { generation, matching }: CompiledFilter,
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const parts = walkSql(['c.last_at'], 'c.id', walk);
  const source = { index: CLASS_INDEX };
  const ofClass = ({ id }: CountedClass): string =>
    `SELECT * FROM (SELECT c.id AS id, c.last_at AS sort_0 FROM ${fromSource(sql.dialect, source)}
     WHERE c.generation = ? AND c.class_id = ${id} AND ${parts.where.sql} ${parts.tail.sql}) AS class_${id}`;
  const each = [generation, ...valuesOf(parts.where, parts.tail)];
  const order = walk.ascending ? 'ASC' : 'DESC';
  return found(
    sql,
    ['c.last_at'],
    `${matching.map(ofClass).join(' UNION ALL ')} ORDER BY sort_0 ${order}, id ${order} LIMIT ?`,
    [...matching.flatMap(() => each), walk.limit],
  );
}

/** Walks the index of the sort, leaving out what the filter leaves out, as far as the budget goes. */
async function findInOrder(
  sql: SqlRunner,
  filter: CompiledFilter,
  column: Column,
  walk: Walk,
  budget = walkBudget(filter, false),
): Promise<readonly FoundRow[]> {
  const source = { index: `unauthorized_clients_${column}` };
  const parts = walkSql([`c.${column}`], 'c.id', { ...walk, limit: budget });
  const checks = checkedWhere(filter);
  const columns = filter.conditions.every(({ narrow }) => narrow === true)
    ? `c.id, c.class_id, c.${column}`
    : `${CHECKED_COLUMNS}, c.attempts`;
  const bounds = boundsOn(filter, column);
  return found(
    sql,
    [`c.${column}`],
    `SELECT id, ${column} AS sort_0 FROM (SELECT ${columns} FROM ${fromSource(sql.dialect, source)}
       WHERE c.generation = ? AND ${bounds.sql} AND ${parts.where.sql} ${parts.tail.sql}) AS c
     WHERE ${checks.sql} LIMIT ?`,
    [filter.generation, ...valuesOf(bounds, parts.where, parts.tail, checks), walk.limit],
  );
}

/** Conditions on the very column that is walked bound the walk instead of being checked on its way. */
function boundsOn({ conditions }: CompiledFilter, column: Column): Fragment {
  const index = `unauthorized_clients_${column}`;
  return and(conditions.flatMap(({ source }) => (source?.index === index ? [source.where] : [])));
}

const TEXT_EXPRESSIONS = /(client_id|username|ip_key|reason|listener)$/;

function sortValues(expressions: readonly string[]): string {
  return expressions.map((expression, index) => `${expression} AS sort_${index}`).join(', ');
}

async function found(
  sql: SqlRunner,
  expressions: readonly string[],
  statement: string,
  values: Parameters<SqlRunner['all']>[1],
): Promise<readonly FoundRow[]> {
  const rows = await sql.all(statement, values);
  return rows.map((row) => ({
    id: num(row, 'id'),
    values: expressions.map((expression, index) =>
      TEXT_EXPRESSIONS.test(expression) ? text(row, `sort_${index}`) : num(row, `sort_${index}`),
    ),
  }));
}
