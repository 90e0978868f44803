import { fragment, type Fragment, type SqlRunner } from '../sql.ts';
import type { CompiledFilter } from './filter.ts';
import type { Source } from './text-search.ts';
import { fromSource } from './text-search.ts';

/** Ids that a set holds at most: what is larger narrows too little to be worth reading. */
const SET_IDS_MAX = 300_000;
/** Rows that are read by their ids at most. */
const LISTED_IDS_MAX = 25_000;

/**
 * Where several conditions are broad but few rows pass them all: the ids that every index finds, put together here.
 * Undefined where that does not narrow enough, and on PostgreSQL, which combines indexes itself.
 */
export async function listedSource(sql: SqlRunner, filter: CompiledFilter): Promise<Source | undefined> {
  if (sql.dialect === 'postgresql') return undefined;
  const lists: (readonly number[])[] = [];
  for (const { source } of filter.conditions) {
    const ids = source === undefined ? undefined : await idsOf(sql, filter.generation, source);
    if (ids !== undefined) lists.push(ids);
  }
  const [smallest, ...others] = lists.sort((a, b) => a.length - b.length);
  if (smallest === undefined) return undefined;
  const common = others.reduce((left, list) => new Set(list.filter((id) => left.has(id))), new Set(smallest));
  if (common.size > LISTED_IDS_MAX) return undefined;
  return { index: undefined, where: idsIn([...common].sort((a, b) => a - b)), exact: false };
}

function idsIn(ids: readonly number[]): Fragment {
  return fragment('c.id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
}

/** The ids that an index finds; one value of JSON, because a row each would cost more than finding them. */
async function idsOf(
  sql: SqlRunner,
  generation: number,
  { index, where, lines }: Source,
): Promise<readonly number[] | undefined> {
  if (lines !== undefined && index === undefined) return undefined;
  const [row] = await sql.all(
    `SELECT json_group_array(id) AS ids FROM (SELECT c.id AS id FROM ${fromSource(sql.dialect, { index })}
       WHERE c.generation = ? AND ${where.sql} LIMIT ?)`,
    [generation, ...where.values, SET_IDS_MAX + 1],
  );
  const ids = JSON.parse(typeof row?.['ids'] === 'string' ? row['ids'] : '[]') as number[];
  return ids.length > SET_IDS_MAX ? undefined : ids;
}
