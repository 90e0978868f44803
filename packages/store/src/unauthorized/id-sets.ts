import { num, type Fragment, type SqlRunner } from '../sql.ts';
import { remember } from './remembered.ts';

/** Ids that a set is read from at most (its text takes some 8 bytes for each). */
const READ_IDS_MAX = 2_000_000;
/** Ids from the first to the last of a table whose sets are kept as bits: 8 MiB. */
const SPAN_IDS_MAX = 1 << 26;

/** Where the ids of a table lie. */
export interface IdSpan {
  /** A multiple of eight, so that the bits of any two sets lie alike in their bytes. */
  readonly first: number;
  readonly last: number;
}

/** A set of row ids, a bit each. */
export interface IdSet {
  readonly span: IdSpan;
  readonly bits: Uint8Array;
  readonly size: number;
}

/** The span of all rows there are; undefined where it is too wide for sets (or there are none). */
export async function idSpan(sql: SqlRunner): Promise<IdSpan | undefined> {
  const [row] = await sql.all(
    `SELECT coalesce((SELECT min(id) FROM unauthorized_clients), 0) AS first,
       coalesce((SELECT max(id) FROM unauthorized_clients), -1) AS last`,
  );
  if (row === undefined) return undefined;
  const first = num(row, 'first');
  const span = { first: first - (first % 8), last: num(row, 'last') };
  return span.last < span.first || span.last - span.first >= SPAN_IDS_MAX ? undefined : span;
}

/** Reads a SELECT of a column `id` into a set; undefined where it has more than can be read. */
export async function readIds(sql: SqlRunner, span: IdSpan, select: Fragment): Promise<IdSet | undefined> {
  return remember(sql, 'set', [select, span.first], () => readSet(sql, span, select));
}

async function readSet(sql: SqlRunner, span: IdSpan, select: Fragment): Promise<IdSet | undefined> {
  const bits = new Uint8Array(Math.floor((span.last - span.first) / 8) + 1);
  let size = 0;
  const { count } = await eachId(sql, select, READ_IDS_MAX, (id) => {
    const place = id - span.first;
    if (place < 0 || id > span.last || (at(bits, place >> 3) & (1 << (place & 7))) !== 0) return;
    bits[place >> 3] = at(bits, place >> 3) | (1 << (place & 7));
    size += 1;
  });
  return count >= READ_IDS_MAX ? undefined : { span, bits, size };
}

/**
 * Calls `each` for the ids of a SELECT in its order, up to `limit` of them; tells how many and which was the last. They
 * come as one text, because a row each would cost more than finding them.
 */
export async function eachId(
  sql: SqlRunner,
  select: Fragment,
  limit: number,
  each: (id: number) => void,
): Promise<{ readonly count: number; readonly last: number }> {
  const joined = sql.dialect === 'sqlite' ? 'group_concat(id)' : `string_agg(id::text, ',')`;
  const [row] = await sql.all(`SELECT ${joined} AS ids FROM (${select.sql} LIMIT ?) AS found`, [
    ...select.values,
    limit,
  ]);
  const ids = row?.['ids'];
  return typeof ids === 'string' ? eachNumber(ids, each) : { count: 0, last: 0 };
}

const COMMA = 0x2c;
const ZERO = 0x30;

/** Reads `1,22,333` without making an array of it. */
function eachNumber(
  text: string,
  each: (value: number) => void,
): { readonly count: number; readonly last: number } {
  let count = 1;
  let value = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== COMMA) {
      value = value * 10 + code - ZERO;
      continue;
    }
    each(value);
    count += 1;
    value = 0;
  }
  each(value);
  return { count, last: value };
}

export function has({ span, bits }: IdSet, id: number): boolean {
  const place = id - span.first;
  return place >= 0 && id <= span.last && (at(bits, place >> 3) & (1 << (place & 7))) !== 0;
}

/** What is in both. */
export function intersection(one: IdSet, other: IdSet): IdSet {
  return combined(one, other, (byte, otherByte) => byte & otherByte);
}

/** What is in the first and not in the other. */
export function difference(one: IdSet, other: IdSet): IdSet {
  return combined(one, other, (byte, otherByte) => byte & ~otherByte);
}

/** Every id of a span, whether a row has it or not. */
export function wholeSpan(span: IdSpan): IdSet {
  const bits = new Uint8Array(Math.floor((span.last - span.first) / 8) + 1).fill(0xff);
  return { span, bits, size: bits.length * 8 };
}

function combined(
  { span, bits }: IdSet,
  other: IdSet,
  combine: (byte: number, otherByte: number) => number,
): IdSet {
  const shift = (span.first - other.span.first) / 8;
  const made = bits.map((byte, index) => combine(byte, at(other.bits, index + shift)));
  let size = 0;
  for (const byte of made) size += at(BITS_OF_BYTE, byte);
  return { span, bits: made, size };
}

const BITS_OF_BYTE = Uint8Array.from(
  { length: 256 },
  (_, byte) => byte.toString(2).replaceAll('0', '').length,
);

/** The ids in ascending order, up to `limit`. */
export function idsOf({ span, bits }: IdSet, limit: number): readonly number[] {
  const ids: number[] = [];
  for (let index = 0; index < bits.length; index += 1) {
    const byte = at(bits, index);
    for (let bit = 0; byte >> bit !== 0; bit += 1) {
      if ((byte & (1 << bit)) === 0) continue;
      if (ids.length >= limit) return ids;
      ids.push(span.first + index * 8 + bit);
    }
  }
  return ids;
}

function at(bits: Uint8Array, index: number): number {
  return bits[index] ?? 0;
}
