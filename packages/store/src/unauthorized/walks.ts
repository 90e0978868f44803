import type { UnauthorizedSort } from '@gatehouse/ports';
import { valuesOf, walkSql, type Walk } from '../keyset.ts';
import { num, text, type SqlRunner } from '../sql.ts';
import type { CountedClass } from './classes.ts';
import { checkedWhere, type CompiledFilter } from './filter.ts';
import { boundsOn, CHECKED_COLUMNS, checksBeside, type SizedSource } from './plan.ts';
import { CLASS_INDEX, fromSource } from './text-search.ts';

/** A row found, with the values it is sorted by. */
export interface FoundRow {
  readonly id: number;
  readonly values: readonly (string | number)[];
}

/** The column of each sort that is a column of the row itself. */
export const COLUMNS = {
  lastAttemptAt: 'last_at',
  firstAttemptAt: 'first_at',
  attempts: 'attempts',
  clientId: 'client_id',
  username: 'username',
  ip: 'ip_key',
} as const satisfies Partial<Record<UnauthorizedSort, string>>;
export type Column = (typeof COLUMNS)[keyof typeof COLUMNS];

/** Reads a source whole and sorts it by expressions on `c` or its class `k`. */
export async function findInSource(
  sql: SqlRunner,
  filter: CompiledFilter,
  best: SizedSource,
  expressions: readonly string[],
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const checks = checksBeside(filter, best);
  // Neither database is to walk the sort's index after all.
  const keys = sql.dialect === 'sqlite' ? expressions : expressions.map(unindexed);
  const parts = walkSql(keys, sql.dialect === 'sqlite' ? '+c.id' : 'c.id', walk);
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
export async function findInClasses(
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
export async function findInOrder(
  sql: SqlRunner,
  filter: CompiledFilter,
  column: Column,
  walk: Walk,
  budget: number,
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

const TEXT_EXPRESSIONS = /(client_id|username|ip_key|reason|listener)$/;

/** The same value, but not what an index has. */
function unindexed(expression: string): string {
  return TEXT_EXPRESSIONS.test(expression) ? `(${expression} || '')` : `(${expression} + 0)`;
}

function sortValues(expressions: readonly string[]): string {
  return expressions.map((expression, index) => `${expression} AS sort_${index}`).join(', ');
}

export async function found(
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
