/** The two databases; SQL that differs between them asks for it. */
export type Dialect = 'sqlite' | 'postgresql';

/** What may be bound to a statement. */
export type SqlValue = string | number | bigint | boolean | null;

/** A row as the driver gives it; read its columns with {@link text}, {@link num} and their nullable sisters. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs statements on one connection. Placeholders are `?` in both dialects. */
export interface SqlRunner {
  readonly dialect: Dialect;
  /**
   * A number that changes with every commit; only on a connection that never writes itself, and within a transaction,
   * where it holds for what is read there.
   */
  readonly dataVersion?: () => Promise<number>;
  all(sql: string, values?: readonly SqlValue[]): Promise<Row[]>;
  /** Returns the number of rows changed. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>;
}

/** A piece of SQL with its values, to be put together with others. */
export interface Fragment {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export function fragment(sql: string, ...values: readonly SqlValue[]): Fragment {
  return { sql, values };
}

/** `a AND b AND …`; `true` when there are none (an expression that both dialects take). */
export function and(parts: readonly Fragment[]): Fragment {
  if (parts.length === 0) return fragment('1 = 1');
  return { sql: parts.map((part) => part.sql).join(' AND '), values: parts.flatMap((part) => part.values) };
}

/** `(a OR b OR …)`. */
export function or(parts: readonly Fragment[]): Fragment {
  return {
    sql: `(${parts.map((part) => part.sql).join(' OR ')})`,
    values: parts.flatMap((part) => part.values),
  };
}

/** `?, ?, …` for as many values. */
export function marks(count: number): string {
  return count === 0 ? '' : `?${', ?'.repeat(count - 1)}`;
}

/** `(?, …), (?, …), …` for as many rows of as many values. */
export function tuples(rows: number, width: number): string {
  const tuple = `(${marks(width)})`;
  return `${tuple}${`, ${tuple}`.repeat(rows - 1)}`;
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
  return value;
}

export function nullableText(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function num(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'string') return Number(value);
  throw new TypeError(`column ${column} holds no number`);
}

export function nullableNum(row: Row, column: string): number | null {
  return row[column] === null ? null : num(row, column);
}

/** SQLite has no boolean of its own: 0 and 1. */
export function bool(row: Row, column: string): boolean {
  const value = row[column];
  return typeof value === 'boolean' ? value : num(row, column) !== 0;
}

// With the `u` flag a surrogate matches only where it has no partner.
const UNSTORABLE = /[\p{Surrogate}\0]/u;
const ALL_UNSTORABLE = new RegExp(UNSTORABLE, 'gu');

/**
 * Text that both databases can keep: lone surrogates and U+0000 become U+FFFD. PostgreSQL refuses them, and SQLite's
 * driver cuts the text at U+0000.
 */
export function storable(value: string): string {
  return UNSTORABLE.test(value) ? value.replaceAll(ALL_UNSTORABLE, '\uFFFD') : value;
}

/** JSON text; both databases can keep it, because lone surrogates and U+0000 are written as escapes. */
export function json(value: unknown): string {
  return JSON.stringify(value ?? null);
}
