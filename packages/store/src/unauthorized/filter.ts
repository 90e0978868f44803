import { REASON_CODES } from '@gatehouse/auth-core';
import type { TextFilter, UnauthorizedFilter } from '@gatehouse/ports';
import { and, fragment, or, type Dialect, type Fragment, type SqlRunner } from '../sql.ts';
import { classMatches, countedClasses, type CountedClass } from './classes.ts';
import { ipRange } from './ip.ts';
import { contains, startsWith, trigramSource, TRIGRAM_CHARS_MIN } from './text-search.ts';

/** Rows that an index finds: all that a condition lets through, and perhaps more. */
export interface Source {
  /** The index on `unauthorized_clients`; undefined where `where` names the ids. */
  readonly index: string | undefined;
  readonly where: Fragment;
  /** Whether it finds exactly what its condition lets through. */
  readonly exact: boolean;
  /** A cheaper way to its size than finding its rows: a SELECT of one line per row. */
  readonly lines?: Fragment | undefined;
}

/** A condition on a row `c`. */
export interface RowCondition {
  /** Undefined when no index helps. */
  readonly source: Source | undefined;
  /** Says for one row whether it holds, without building the set of all. */
  readonly checked: Fragment;
}

/** A filter made ready for a generation. */
export interface CompiledFilter {
  readonly generation: number;
  /** All classes with rows, and those let through. */
  readonly classes: readonly CountedClass[];
  readonly matching: readonly CountedClass[];
  readonly conditions: readonly RowCondition[];
}

export async function compileFilter(
  sql: SqlRunner,
  generation: number,
  filter: UnauthorizedFilter,
): Promise<CompiledFilter> {
  const classes = await countedClasses(sql, generation);
  const matching = classes.filter((value) => classMatches(filter, value));
  return {
    generation,
    classes,
    matching,
    conditions: await rowConditions(sql, generation, filter, matching),
  };
}

/** The whole condition on `c` beside its generation, in the form that is checked row by row. */
export function checkedWhere({ classes, matching, conditions }: CompiledFilter): Fragment {
  return and([...classCondition(classes, matching), ...conditions.map(({ checked }) => checked)]);
}

/** Leaves out the classes that a filter leaves out; nothing where it leaves out none. */
export function classCondition(
  classes: readonly CountedClass[],
  matching: readonly CountedClass[],
): readonly Fragment[] {
  return matching.length === classes.length ? [] : [classFragment(matching)];
}

const NOTHING = fragment('1 = 0');

export function classFragment(matching: readonly CountedClass[]): Fragment {
  // Numbers of ours, written out: a statement with hundreds of parameters would not be found prepared.
  return fragment(
    matching.length === 0 ? '1 = 0' : `c.class_id IN (${matching.map(({ id }) => id).join(', ')})`,
  );
}

async function rowConditions(
  sql: SqlRunner,
  generation: number,
  filter: UnauthorizedFilter,
  matching: readonly CountedClass[],
): Promise<readonly RowCondition[]> {
  const conditions: RowCondition[] = [];
  for (const column of ['client_id', 'username'] as const) {
    const wanted = column === 'client_id' ? filter.clientId : filter.username;
    if (wanted !== undefined) conditions.push(await textCondition(sql, generation, column, wanted));
  }
  if (filter.detail !== undefined) {
    conditions.push(await detailCondition(sql, generation, filter.detail, matching));
  }
  if (filter.search !== undefined && filter.search !== '') {
    conditions.push(await searchCondition(sql, generation, filter.search));
  }
  if (filter.ip !== undefined) conditions.push(...ipConditions(filter.ip));
  if (filter.from !== undefined || filter.to !== undefined) {
    conditions.push(indexed('unauthorized_clients_last_at', timeRange(filter)));
  }
  return conditions;
}

function timeRange({ from, to }: UnauthorizedFilter): Fragment {
  return and([
    ...(from === undefined ? [] : [fragment('c.last_at >= ?', from)]),
    ...(to === undefined ? [] : [fragment('c.last_at < ?', to)]),
  ]);
}

function indexed(index: string, condition: Fragment): RowCondition {
  return { source: { index, where: condition, exact: true }, checked: condition };
}

async function textCondition(
  sql: SqlRunner,
  generation: number,
  column: 'client_id' | 'username',
  { op, value }: TextFilter,
): Promise<RowCondition> {
  const index = `unauthorized_clients_${column}`;
  switch (op) {
    case 'eq':
      return indexed(index, fragment(`c.${column} = ?`, value));
    case 'starts':
      return indexed(index, startsWith(`c.${column}`, value));
    case 'contains': {
      const checked = contains(sql.dialect, `c.${column}`, value);
      return { source: await trigramSource(sql, generation, [column], value), checked };
    }
  }
}

const DETAIL_TEXT = '(SELECT d.detail_text FROM unauthorized_details d WHERE d.id = c.id)';

/** A detail filter looks at the reason code, which the class decides, and at the text of the detail. */
async function detailCondition(
  sql: SqlRunner,
  generation: number,
  filter: TextFilter,
  matching: readonly CountedClass[],
): Promise<RowCondition> {
  const reasons = new Set<string>(REASON_CODES.filter((reason) => reasonMatches(reason, filter)));
  const byReason = classFragment(matching.filter(({ reason }) => reasons.has(reason)));
  const byText = detailFragment(sql.dialect, filter);
  const source = await trigramSource(sql, generation, ['detail'], filter.value);
  return {
    // Where reasons match as well, rows are many and in no one index.
    source:
      source && byReason.sql === NOTHING.sql
        ? { ...source, exact: source.exact && filter.op === 'contains' }
        : undefined,
    checked: or([byReason, byText]),
  };
}

function reasonMatches(reason: string, { op, value }: TextFilter): boolean {
  const wanted = value.toUpperCase();
  switch (op) {
    case 'eq':
      return reason === wanted;
    case 'starts':
      return reason.startsWith(wanted);
    case 'contains':
      return reason.includes(wanted);
  }
}

function detailFragment(dialect: Dialect, { op, value }: TextFilter): Fragment {
  switch (op) {
    case 'eq':
      return fragment(`${DETAIL_TEXT} = ?`, value);
    case 'starts':
      return startsWith(DETAIL_TEXT, value);
    case 'contains':
      return contains(dialect, DETAIL_TEXT, value);
  }
}

const SEARCH_COLUMNS = ['client_id', 'username', 'ip'] as const;

async function searchCondition(sql: SqlRunner, generation: number, value: string): Promise<RowCondition> {
  const byRef = fragment('c.id IN (SELECT row_id FROM unauthorized_refs WHERE ref = ?)', value);
  if (Array.from(value).length < TRIGRAM_CHARS_MIN) {
    const checked = or([...SEARCH_COLUMNS.map((column) => startsWith(`c.${column}`, value)), byRef]);
    return { source: undefined, checked };
  }
  const checked = or([...SEARCH_COLUMNS.map((column) => contains(sql.dialect, `c.${column}`, value)), byRef]);
  const source = await trigramSource(sql, generation, SEARCH_COLUMNS, value);
  return { source: source && { ...source, where: or([source.where, byRef]) }, checked };
}

function ipConditions(set: NonNullable<UnauthorizedFilter['ip']>): readonly RowCondition[] {
  const conditions: RowCondition[] = [];
  const include = set.include ?? [];
  if (include.length > 0)
    conditions.push(indexed('unauthorized_clients_ip_key', or(include.map(ipFragment))));
  const exclude = set.exclude ?? [];
  if (exclude.length > 0) {
    const { sql, values } = or(exclude.map(ipFragment));
    conditions.push({ source: undefined, checked: { sql: `NOT ${sql}`, values } });
  }
  return conditions;
}

/** What is no address finds nothing: no row has it as its key. */
function ipFragment(value: string): Fragment {
  const range = ipRange(value);
  return range === null ? NOTHING : fragment('(c.ip_key >= ? AND c.ip_key <= ?)', range.from, range.to);
}
