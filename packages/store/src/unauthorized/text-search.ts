import {
  and,
  fragment,
  num,
  or,
  text,
  type Dialect,
  type Fragment,
  type Row,
  type SqlRunner,
} from '../sql.ts';
import { contains } from '../text-filter.ts';
import { remember } from './remembered.ts';

/** Rows that an index finds: all that a condition lets through, and perhaps more. */
export interface Source {
  /** The index on `unauthorized_clients`; undefined where `where` names the ids. */
  readonly index: string | undefined;
  readonly where: Fragment;
  /** Whether it finds exactly what its condition lets through. */
  readonly exact: boolean;
  /** A cheaper way to the ids than finding its rows: a SELECT of a column `id`. */
  readonly ids?: Fragment | undefined;
}

export const CLASS_INDEX = 'unauthorized_clients_class';
export const LAST_AT_INDEX = 'unauthorized_clients_last_at';
export const IP_INDEX = 'unauthorized_clients_ip_key';
/** The indexes that carry the address beside the name. */
export const NAME_INDEXES: ReadonlySet<string> = new Set([
  'unauthorized_clients_client_id',
  'unauthorized_clients_username',
]);

/** Characters from which on `contains` can use the trigrams. */
export const TRIGRAM_CHARS_MIN = 3;
/** Rows whose texts tell which trigrams of a search are rare. */
const SAMPLE_ROWS = 200;
/** Trigrams that are looked up, the rarest of the search; more would narrow little and cost their lists. */
const TRIGRAMS_USED_MAX = 3;
export type SearchColumn = 'client_id' | 'username' | 'ip' | 'detail';

/** Rows that may contain the text in one of the columns; undefined where it is too short for the index. */
export async function trigramSource(
  sql: SqlRunner,
  generation: number,
  columns: readonly SearchColumn[],
  value: string,
): Promise<Source | undefined> {
  const characters = Array.from(value);
  if (characters.length < TRIGRAM_CHARS_MIN) return undefined;
  const trigrams = characters.slice(2).map((_, index) => characters.slice(index, index + 3).join(''));
  if (sql.dialect === 'postgresql') {
    const words = trigrams.filter((trigram) => WORD.test(trigram));
    const rare = (await rarestTrigrams(sql, generation, words)).filter(isRare).map(trigramOf);
    const ids = searchTable(columns, rare.length === 0 ? [value] : rare);
    const where = { ...ids, sql: `c.id IN (${ids.sql})` };
    return { index: undefined, where, exact: rare.length === 0, ids };
  }
  const rarest = await rarestTrigrams(sql, generation, trigrams);
  const used = rarest.filter(({ share }, index) => index === 0 || share < SQLITE_SHARE_MAX).map(trigramOf);
  const match = used.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ');
  const where = fragment(
    'c.id IN (SELECT rowid FROM unauthorized_search WHERE unauthorized_search MATCH ?)',
    match,
  );
  const ids = fragment(
    'SELECT rowid AS id FROM unauthorized_search WHERE unauthorized_search MATCH ?',
    match,
  );
  return { index: undefined, where, exact: false, ids };
}

/** SQLite is given a second trigram when fewer of the sampled rows have it. */
const SQLITE_SHARE_MAX = 0.5;
/** PostgreSQL is given trigrams that fewer of them have; else the whole text, which narrows more. */
const POSTGRESQL_SHARE_MAX = 0.05;

interface Trigram {
  readonly trigram: string;
  /** Of the sampled rows, those that have it. */
  readonly share: number;
}

const isRare = ({ share }: Trigram): boolean => share < POSTGRESQL_SHARE_MAX;
const trigramOf = ({ trigram }: Trigram): string => trigram;

/** PostgreSQL's trigrams are of letters and digits alone; those of other texts it makes itself. */
const WORD = /^[a-z0-9]{3}$/i;

function searchTable(columns: readonly SearchColumn[], parts: readonly string[]): Fragment {
  const inColumn = (column: SearchColumn): Fragment =>
    and(parts.map((part) => contains('postgresql', `s.${column}`, part)));
  const { sql, values } = or(columns.map(inColumn));
  return { sql: `SELECT s.id AS id FROM unauthorized_search s WHERE ${sql}`, values };
}

/**
 * The trigrams that are rarest among the newest rows. Both databases read the list of every one that they are given, and
 * those of a common prefix are as long as the table.
 */
async function rarestTrigrams(
  sql: SqlRunner,
  generation: number,
  trigrams: readonly string[],
): Promise<readonly Trigram[]> {
  const rows = await sql.all(
    `SELECT c.client_id, c.username, c.ip, d.detail_text FROM unauthorized_clients c
     JOIN unauthorized_details d ON d.id = c.id WHERE c.generation = ? ORDER BY c.last_at DESC LIMIT ?`,
    [generation, SAMPLE_ROWS],
  );
  const texts = rows.map(textsOf);
  const share = (trigram: string): number =>
    texts.filter((candidate) => candidate.includes(trigram.toLowerCase())).length / Math.max(1, texts.length);
  return [...new Set(trigrams)]
    .map((trigram) => ({ trigram, share: share(trigram) }))
    .sort((a, b) => a.share - b.share)
    .slice(0, TRIGRAMS_USED_MAX);
}

function textsOf(row: Row): string {
  return ['client_id', 'username', 'ip', 'detail_text']
    .map((column) => text(row, column))
    .join('\n')
    .toLowerCase();
}

/** Rows by their ids, given as one value, so that the statement is the same for any number of them. */
export function idsListed(dialect: Dialect, ids: readonly number[]): Fragment {
  const listed =
    dialect === 'sqlite'
      ? 'SELECT value FROM json_each(?)'
      : 'SELECT value::bigint FROM json_array_elements_text(CAST(? AS json))';
  return fragment(`c.id IN (${listed})`, JSON.stringify(ids));
}

/** How many rows a source has, counted no further than `limit`. */
export function sizeOfSource(
  sql: SqlRunner,
  generation: number,
  source: Source,
  limit: number,
): Promise<number> {
  return remember(sql, 'fact', ['size', generation, source, limit], () =>
    countSource(sql, generation, source, limit),
  );
}

async function countSource(
  sql: SqlRunner,
  generation: number,
  source: Source,
  limit: number,
): Promise<number> {
  const ids = source.ids ?? {
    sql: `SELECT 1 FROM ${fromSource(sql.dialect, source)} WHERE c.generation = ? AND ${source.where.sql}`,
    values: [generation, ...source.where.values],
  };
  const [row] = await sql.all(`SELECT count(*) AS n FROM (${ids.sql} LIMIT ?) AS found`, [
    ...ids.values,
    limit,
  ]);
  return row === undefined ? 0 : num(row, 'n');
}

/** `unauthorized_clients c`, told which way to go: SQLite plans without statistics, PostgreSQL knows better itself. */
export function fromSource(dialect: Dialect, { index }: Pick<Source, 'index'>): string {
  if (dialect === 'postgresql') return 'unauthorized_clients c';
  return `unauthorized_clients c ${index === undefined ? 'NOT INDEXED' : `INDEXED BY ${index}`}`;
}

/** A SELECT of the ids that an index finds. */
export function idsIn(dialect: Dialect, generation: number, source: Source): Fragment {
  return fragment(
    `SELECT c.id AS id FROM ${fromSource(dialect, source)} WHERE c.generation = ? AND ${source.where.sql}`,
    generation,
    ...source.where.values,
  );
}
