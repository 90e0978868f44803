import { REASON_CODES } from '@gatehouse/auth-core';
import type { TextFilter, UnauthorizedFilter } from '@gatehouse/ports';
import { and, fragment, num, or, text, type Dialect, type Fragment, type SqlRunner } from '../sql.ts';
import { contains, startsWith, textFragment } from '../text-filter.ts';
import { classMatches, countedClasses, type CountedClass } from './classes.ts';
import { ipRange } from './ip.ts';
import {
  fromSource,
  idsIn,
  IP_INDEX,
  sizeOfSource,
  type Source,
  TRIGRAM_CHARS_MIN,
  trigramSource,
} from './text-search.ts';

/** A condition on a row `c`. */
export interface RowCondition {
  /** Undefined when no index helps. */
  readonly source: Source | undefined;
  /** Says for one row whether it holds, without building the set of all. */
  readonly checked: Fragment;
  /** What one index shows without a look at the rows: rows that pass, all of them where `exact`. */
  readonly sure?: Source;
  /** The deletion whose rows it leaves out. */
  readonly hidden?: HiddenRows;
  /** True: it looks at the id and the class alone, which every index has. */
  readonly narrow?: boolean;
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
  const compiled = await compileOver(sql, generation, classes, filter);
  const hidden = await hiddenConditions(sql, generation, classes);
  return { ...compiled, conditions: [...compiled.conditions, ...hidden] };
}

async function compileOver(
  sql: SqlRunner,
  generation: number,
  classes: readonly CountedClass[],
  filter: UnauthorizedFilter,
): Promise<CompiledFilter> {
  const matching = classes.filter((value) => classMatches(filter, value));
  const detail =
    filter.detail === undefined ? undefined : await resolveDetail(sql, generation, filter.detail, matching);
  const rest = await rowConditions(sql, generation, filter);
  return {
    generation,
    classes,
    matching: detail?.matching ?? matching,
    conditions: [...(detail?.conditions ?? []), ...rest],
  };
}

/** A deletion of whatever a filter matched: out of sight until it is undone or its rows are purged. */
export interface Hiding {
  readonly generation: number;
  readonly filter: UnauthorizedFilter;
  /** Ids that were spared. */
  readonly except: readonly number[];
  /** When it was asked for: a row that is refused again afterwards is shown again. */
  readonly at: number;
}

/** What a deletion hides, made ready. */
export interface HiddenRows {
  /** The deletion's number. */
  readonly deletion: number;
  readonly filter: CompiledFilter;
  readonly except: readonly number[];
  readonly at: number;
}

/** The rows that a deletion hides. */
export async function compileHiding(sql: SqlRunner, hiding: Hiding): Promise<CompiledFilter> {
  const { generation, filter } = hiding;
  const compiled = await compileOver(sql, generation, await countedClasses(sql, generation), filter);
  return { ...compiled, conditions: [...compiled.conditions, ...beforeAndNotSpared(hiding)] };
}

function beforeAndNotSpared({ except, at }: Hiding): readonly RowCondition[] {
  const spared = fragment(`c.id NOT IN (${except.filter(Number.isSafeInteger).join(', ')})`);
  return [
    { source: undefined, checked: fragment('c.last_at <= ?', at) },
    ...(except.length === 0 ? [] : [{ source: undefined, checked: spared, narrow: true }]),
  ];
}

async function hiddenConditions(
  sql: SqlRunner,
  generation: number,
  classes: readonly CountedClass[],
): Promise<readonly RowCondition[]> {
  const rows = await sql.all('SELECT generation, hides FROM unauthorized_deletions WHERE hides IS NOT NULL');
  const conditions: RowCondition[] = [];
  for (const row of rows) {
    const hiding = JSON.parse(text(row, 'hides')) as Hiding;
    if (hiding.generation !== generation) continue;
    const filter = await compileOver(sql, generation, classes, hiding.filter);
    const where = checkedWhere({
      ...filter,
      conditions: [...filter.conditions, ...beforeAndNotSpared(hiding)],
    });
    const except = hiding.except.filter(Number.isSafeInteger);
    conditions.push({
      source: undefined,
      checked: { sql: `NOT (${where.sql})`, values: where.values },
      hidden: { deletion: num(row, 'generation'), filter, except, at: hiding.at },
    });
  }
  return conditions;
}

/** What rows must pass that are found by other ways than a filter: that no deletion hides them. */
export async function shownRows(sql: SqlRunner, generation: number): Promise<Fragment> {
  const hidden = await hiddenConditions(sql, generation, await countedClasses(sql, generation));
  return and(hidden.map(({ checked }) => checked));
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
): Promise<readonly RowCondition[]> {
  const conditions: RowCondition[] = [];
  for (const column of ['client_id', 'username'] as const) {
    const wanted = column === 'client_id' ? filter.clientId : filter.username;
    if (wanted !== undefined) conditions.push(await textCondition(sql, generation, column, wanted));
  }
  if (filter.search !== undefined && filter.search !== '') {
    conditions.push(await searchCondition(sql, generation, filter.search));
  }
  if (filter.ip !== undefined) conditions.push(...ipConditions(filter.ip));
  conditions.push(...timeRange('last_at', filter.from, filter.to));
  conditions.push(...timeRange('first_at', filter.firstFrom, filter.firstTo));
  return conditions;
}

function timeRange(
  column: 'last_at' | 'first_at',
  from: number | undefined,
  to: number | undefined,
): readonly RowCondition[] {
  if (from === undefined && to === undefined) return [];
  const range = and([
    ...(from === undefined ? [] : [fragment(`c.${column} >= ?`, from)]),
    ...(to === undefined ? [] : [fragment(`c.${column} < ?`, to)]),
  ]);
  return [indexed(`unauthorized_clients_${column}`, range)];
}

function indexed(index: string, condition: Fragment): RowCondition {
  const source = { index, where: condition, exact: true };
  return { source, checked: condition, sure: source };
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
      return {
        source: await trigramSource(sql, generation, [column], value),
        checked,
        sure: { index, where: checked, exact: true },
      };
    }
  }
}

const DETAIL_TEXT = '(SELECT d.detail_text FROM unauthorized_details d WHERE d.id = c.id)';

/** Rows whose detail matches are listed by id up to this many. */
const LISTED_ROWS_MAX = 2_000;

/** A detail filter looks at the reason code, which the class decides, and at the text of the detail. */
async function resolveDetail(
  sql: SqlRunner,
  generation: number,
  filter: TextFilter,
  matching: readonly CountedClass[],
): Promise<Pick<CompiledFilter, 'matching' | 'conditions'>> {
  const reasons = new Set<string>(REASON_CODES.filter((reason) => reasonMatches(reason, filter)));
  const byClass = matching.filter(({ reason }) => reasons.has(reason));
  const byText = textFragment(sql.dialect, DETAIL_TEXT, filter);
  const source = await trigramSource(sql, generation, ['detail'], filter.value);
  const checked = or([classFragment(byClass), byText]);
  if (source === undefined) return { matching, conditions: [{ source, checked }] };
  if (byClass.length === 0) {
    const exact = source.exact && filter.op === 'contains';
    return { matching, conditions: [{ source: { ...source, exact }, checked }] };
  }
  // Reasons match: few texts beside them are listed, so that no row's detail need be looked at.
  if ((await sizeOfSource(sql, generation, source, LISTED_ROWS_MAX + 1)) > LISTED_ROWS_MAX)
    return { matching, conditions: [{ source: undefined, checked }] };
  const rows = await sql.all(
    `SELECT c.id AS id FROM ${fromSource(sql.dialect, source)} WHERE c.generation = ? AND ${source.where.sql} AND ${byText.sql}`,
    [generation, ...source.where.values, ...byText.values],
  );
  if (rows.length === 0) return { matching: byClass, conditions: [] };
  const listed = fragment(`c.id IN (${rows.map((row) => num(row, 'id')).join(', ')})`);
  return {
    matching,
    conditions: [{ source: undefined, checked: or([classFragment(byClass), listed]), narrow: true }],
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

const CLIENT_ID_INDEX = 'unauthorized_clients_client_id';
const REFERRED_IDS = 'SELECT row_id AS id FROM unauthorized_refs WHERE ref = ?';
const SEARCH_COLUMNS = ['client_id', 'username', 'ip'] as const;

async function searchCondition(sql: SqlRunner, generation: number, value: string): Promise<RowCondition> {
  const byRef = fragment(`c.id IN (${REFERRED_IDS})`, value);
  if (Array.from(value).length < TRIGRAM_CHARS_MIN) {
    const checked = or([...SEARCH_COLUMNS.map((column) => startsWith(`c.${column}`, value)), byRef]);
    const sure = { index: CLIENT_ID_INDEX, where: startsWith('c.client_id', value), exact: false };
    return { source: prefixSource(sql.dialect, generation, value), checked, sure };
  }
  const checked = or([...SEARCH_COLUMNS.map((column) => contains(sql.dialect, `c.${column}`, value)), byRef]);
  const source = await trigramSource(sql, generation, SEARCH_COLUMNS, value);
  const inClientId = contains(sql.dialect, 'c.client_id', value);
  const sure = { index: CLIENT_ID_INDEX, where: inClientId, exact: false };
  if (source?.ids === undefined) return { source, checked, sure };
  const ids = {
    sql: `${source.ids.sql} UNION ALL ${REFERRED_IDS}`,
    values: [...source.ids.values, value],
  };
  // One list of ids: PostgreSQL reads the whole table where it is given two.
  const where = { ...ids, sql: `c.id IN (${ids.sql})` };
  return { source: { ...source, where, ids }, checked, sure };
}

/** What an address may begin with; addresses are in no index by their text. */
const ADDRESS_START = /^[0-9a-f:.]*$/i;

/** Rows whose client ID or username begins with a text that no address begins with, or that it refers to. */
function prefixSource(dialect: Dialect, generation: number, value: string): Source | undefined {
  if (ADDRESS_START.test(value)) return undefined;
  const ranges = (['client_id', 'username'] as const).map((column) => ({
    index: `unauthorized_clients_${column}`,
    where: startsWith(`c.${column}`, value),
    exact: true,
  }));
  const byPrefix = ranges.map((range) => idsIn(dialect, generation, range));
  const ids = {
    sql: [...byPrefix.map((select) => select.sql), REFERRED_IDS].join(' UNION ALL '),
    values: [...byPrefix.flatMap((select) => select.values), value],
  };
  return { index: undefined, where: { ...ids, sql: `c.id IN (${ids.sql})` }, exact: false, ids };
}

function ipConditions(set: NonNullable<UnauthorizedFilter['ip']>): readonly RowCondition[] {
  const conditions: RowCondition[] = [];
  const include = set.include ?? [];
  if (include.length > 0) conditions.push(indexed(IP_INDEX, or(include.map(ipFragment))));
  const exclude = set.exclude ?? [];
  if (exclude.length > 0) {
    const { sql, values } = or(exclude.map(ipFragment));
    const checked = { sql: `NOT ${sql}`, values };
    conditions.push({ source: undefined, checked, sure: { index: IP_INDEX, where: checked, exact: true } });
  }
  return conditions;
}

/** What is no address finds nothing: no row has it as its key. */
function ipFragment(value: string): Fragment {
  const range = ipRange(value);
  return range === null ? NOTHING : fragment('(c.ip_key >= ? AND c.ip_key <= ?)', range.from, range.to);
}
