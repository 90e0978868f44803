import { REASON_CODES } from '@gatehouse/auth-core';
import type { TextFilter, UnauthorizedFilter } from '@gatehouse/ports';
import { and, fragment, type Dialect, type Fragment, type SqlRunner } from '../sql.ts';
import { classMatches, countedClasses, type CountedClass } from './classes.ts';
import { ipRange } from './ip.ts';

/** Characters from which on `contains` can use the trigrams. */
export const TRIGRAM_CHARS_MIN = 3;
/** Sorts after every text that begins with what it is appended to. */
const LAST_CHARACTER = '\u{10FFFF}';

/** A condition on a row `c`. */
export interface RowCondition {
  /** Finds its rows through the index named; undefined when no index helps. */
  readonly index: string | undefined;
  readonly driven: Fragment;
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
  /** The whole condition on `c` beside its generation. */
  readonly where: Fragment;
}

export async function compileFilter(
  sql: SqlRunner,
  generation: number,
  filter: UnauthorizedFilter,
): Promise<CompiledFilter> {
  const classes = await countedClasses(sql, generation);
  const matching = classes.filter((value) => classMatches(filter, value));
  const conditions = rowConditions(sql.dialect, filter, matching);
  const where = and([classFragment(classes, matching), ...conditions.map(({ driven }) => driven)]);
  return { generation, classes, matching, conditions, where };
}

/** Leaves out the classes that a filter leaves out; always true when it leaves out none. */
export function classFragment(classes: readonly CountedClass[], matching: readonly CountedClass[]): Fragment {
  if (matching.length === classes.length) return and([]);
  // Numbers of ours, written out: a statement with hundreds of parameters would not be found prepared.
  return fragment(
    matching.length === 0 ? '1 = 0' : `c.class_id IN (${matching.map(({ id }) => id).join(', ')})`,
  );
}

function rowConditions(
  dialect: Dialect,
  filter: UnauthorizedFilter,
  matching: readonly CountedClass[],
): readonly RowCondition[] {
  const conditions: RowCondition[] = [];
  if (filter.clientId !== undefined) conditions.push(textCondition(dialect, 'client_id', filter.clientId));
  if (filter.username !== undefined) conditions.push(textCondition(dialect, 'username', filter.username));
  if (filter.detail !== undefined) conditions.push(detailCondition(dialect, filter.detail, matching));
  if (filter.search !== undefined && filter.search !== '')
    conditions.push(searchCondition(dialect, filter.search));
  if (filter.ip !== undefined) conditions.push(...ipConditions(filter.ip));
  if (filter.from !== undefined || filter.to !== undefined) {
    conditions.push(
      plain(
        'unauthorized_clients_last_at',
        and([
          ...(filter.from === undefined ? [] : [fragment('c.last_at >= ?', filter.from)]),
          ...(filter.to === undefined ? [] : [fragment('c.last_at < ?', filter.to)]),
        ]),
      ),
    );
  }
  return conditions;
}

function plain(index: string | undefined, condition: Fragment): RowCondition {
  return { index, driven: condition, checked: condition };
}

function textCondition(dialect: Dialect, column: 'client_id' | 'username', filter: TextFilter): RowCondition {
  const index = `unauthorized_clients_${column}`;
  switch (filter.op) {
    case 'eq':
      return plain(index, fragment(`c.${column} = ?`, filter.value));
    case 'starts':
      return plain(index, startsWith(`c.${column}`, filter.value));
    case 'contains': {
      const checked = like(dialect, `c.${column}`, filter.value);
      if (codePoints(filter.value) < TRIGRAM_CHARS_MIN) return plain(undefined, checked);
      return { index: 'unauthorized_search', driven: trigrams(dialect, [column], filter.value), checked };
    }
  }
}

function startsWith(expression: string, value: string): Fragment {
  return fragment(`(${expression} >= ? AND ${expression} <= ?)`, value, value + LAST_CHARACTER);
}

/** Contains (or, anchored, begins with), without regard to case. */
function like(dialect: Dialect, expression: string, value: string, anchored = false): Fragment {
  const pattern = `${anchored ? '' : '%'}${value.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return fragment(`${expression} ${dialect === 'sqlite' ? 'LIKE' : 'ILIKE'} ? ESCAPE '\\'`, pattern);
}

type SearchColumn = 'client_id' | 'username' | 'ip' | 'detail';

function trigrams(
  dialect: Dialect,
  columns: readonly SearchColumn[],
  value: string,
  anchored = false,
): Fragment {
  if (dialect === 'sqlite') {
    return fragment(
      'c.id IN (SELECT rowid FROM unauthorized_search WHERE unauthorized_search MATCH ?)',
      matchExpression(columns, value, anchored),
    );
  }
  const any = columns.map((column) => like(dialect, `s.${column}`, value, anchored));
  return fragment(
    `c.id IN (SELECT s.id FROM unauthorized_search s WHERE ${any.map((part) => part.sql).join(' OR ')})`,
    ...any.flatMap((part) => part.values),
  );
}

/** FTS5: the phrase of trigrams in any of the columns. */
function matchExpression(columns: readonly SearchColumn[], value: string, anchored: boolean): string {
  return `{${columns.join(' ')}} : ${anchored ? '^' : ''} "${value.replaceAll('"', '""')}"`;
}

/**
 * A detail filter looks at the reason code (decided by class) and at the detail's text. Of the text, `eq` can only say
 * that it begins so: the index knows where a text begins and not where it ends.
 */
function detailCondition(
  dialect: Dialect,
  filter: TextFilter,
  matching: readonly CountedClass[],
): RowCondition {
  const wanted = filter.value.toUpperCase();
  const hits = (reason: string): boolean => {
    switch (filter.op) {
      case 'eq':
        return reason === wanted;
      case 'starts':
        return reason.startsWith(wanted);
      case 'contains':
        return reason.includes(wanted);
    }
  };
  const reasons = new Set(REASON_CODES.filter(hits));
  const classes = matching.filter(({ reason }) => reasons.has(reason as never)).map(({ id }) => id);
  const parts: Fragment[] = classes.length === 0 ? [] : [fragment(`c.class_id IN (${classes.join(', ')})`)];
  if (codePoints(filter.value) >= TRIGRAM_CHARS_MIN) {
    parts.push(trigrams(dialect, ['detail'], filter.value, filter.op !== 'contains'));
  }
  return plain(undefined, parts.length === 0 ? fragment('1 = 0') : any(parts));
}

function searchCondition(dialect: Dialect, value: string): RowCondition {
  const byRef = fragment('c.id IN (SELECT row_id FROM unauthorized_refs WHERE ref = ?)', value);
  if (codePoints(value) < TRIGRAM_CHARS_MIN) {
    return plain(
      undefined,
      any([
        ...(['client_id', 'username', 'ip'] as const).map((column) => startsWith(`c.${column}`, value)),
        byRef,
      ]),
    );
  }
  const columns = ['client_id', 'username', 'ip'] as const;
  const set = trigrams(dialect, columns, value);
  const union = set.sql.replace(/\)$/, ' UNION SELECT row_id FROM unauthorized_refs WHERE ref = ?)');
  return {
    index: 'unauthorized_search',
    driven: fragment(union, ...set.values, value),
    checked: any([...columns.map((column) => like(dialect, `c.${column}`, value)), byRef]),
  };
}

function ipConditions(set: NonNullable<UnauthorizedFilter['ip']>): readonly RowCondition[] {
  const conditions: RowCondition[] = [];
  const include = set.include ?? [];
  if (include.length > 0) conditions.push(plain('unauthorized_clients_ip_key', any(include.map(ipFragment))));
  const exclude = set.exclude ?? [];
  if (exclude.length > 0) {
    const { sql, values } = any(exclude.map(ipFragment));
    conditions.push(plain(undefined, { sql: `NOT ${sql}`, values }));
  }
  return conditions;
}

function ipFragment(value: string): Fragment {
  const range = ipRange(value);
  return range === null
    ? fragment('c.ip = ?', value)
    : fragment('(c.ip_key >= ? AND c.ip_key <= ?)', range.from, range.to);
}

function any(parts: readonly Fragment[]): Fragment {
  return {
    sql: `(${parts.map((part) => part.sql).join(' OR ')})`,
    values: parts.flatMap((part) => part.values),
  };
}

function codePoints(value: string): number {
  return Array.from(value).length;
}
