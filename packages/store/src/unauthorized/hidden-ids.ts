import { and, fragment, type Fragment, type SqlRunner } from '../sql.ts';
import { difference, intersection, readIds, type IdSet, type IdSpan } from './id-sets.ts';
import { classFragment, type CompiledFilter, type HiddenRows, type RowCondition } from './filter.ts';
import { CLASS_INDEX, idsIn, LAST_AT_INDEX } from './text-search.ts';

/** Deletions whose hidden rows are remembered per connection, up to 8 MiB each. */
const REMEMBERED_MAX = 4;

const remembered = new WeakMap<SqlRunner, Map<number, IdSet>>();

/**
 * Rows that a deletion hides: none that is shown, but perhaps not all. Undefined where no index shows any. What it hid
 * when it was first asked is remembered; a row that was refused again since is left out each time.
 */
export async function hiddenIds(
  sql: SqlRunner,
  span: IdSpan,
  hidden: HiddenRows,
): Promise<IdSet | undefined> {
  const known = remembered.get(sql) ?? new Map<number, IdSet>();
  remembered.set(sql, known);
  const set = known.get(hidden.deletion) ?? (await matchedIds(sql, span, hidden.filter));
  if (set === undefined) return undefined;
  known.set(hidden.deletion, set);
  const [oldest] = known.keys();
  if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
  const { generation } = hidden.filter;
  const again = { index: LAST_AT_INDEX, where: fragment('c.last_at > ?', hidden.at), exact: true };
  const spared = fragment(
    `SELECT id FROM unauthorized_clients c WHERE c.id IN (${hidden.except.join(', ')})`,
  );
  const shown = [idsIn(sql.dialect, generation, again), ...(hidden.except.length === 0 ? [] : [spared])];
  let left: IdSet = set;
  for (const select of shown) {
    const ids = await readIds(sql, span, select);
    if (ids === undefined) return undefined;
    left = difference(left, ids);
  }
  return left;
}

async function matchedIds(sql: SqlRunner, span: IdSpan, filter: CompiledFilter): Promise<IdSet | undefined> {
  const { generation, classes, matching, conditions } = filter;
  const ofClasses = { index: CLASS_INDEX, where: classFragment(matching), exact: true };
  const all = { index: LAST_AT_INDEX, where: and([]), exact: true };
  const selects = [
    ...conditions.map((condition) => sureIds(sql, generation, condition)),
    ...(matching.length === classes.length ? [] : [idsIn(sql.dialect, generation, ofClasses)]),
  ];
  let set: IdSet | undefined;
  for (const select of selects.length === 0 ? [idsIn(sql.dialect, generation, all)] : selects) {
    const found = select === undefined ? undefined : await readIds(sql, span, select);
    if (found === undefined) return undefined;
    set = set === undefined ? found : intersection(set, found);
  }
  return set;
}

function sureIds(sql: SqlRunner, generation: number, { sure }: RowCondition): Fragment | undefined {
  return sure === undefined ? undefined : idsIn(sql.dialect, generation, sure);
}
