import type { UnauthorizedFilter } from '@gatehouse/ports';
import { num, text, type Row, type SqlRunner } from '../sql.ts';
import { remember } from './remembered.ts';
import { familyOf, protocolFromColumn, type StoredRow } from './row.ts';

/** What rows of one class have in common, see the model `UnauthorizedClass`. */
export interface UnauthorizedClass {
  readonly id: number;
  readonly reason: string;
  readonly listener: string;
  readonly protocol: 3 | 4 | 5 | null;
  readonly passwordProvided: boolean;
  readonly tlsUsed: boolean;
  readonly resolved: boolean;
}

/** A class with its exact totals in a generation. */
export interface CountedClass extends UnauthorizedClass {
  readonly clients: number;
  readonly attempts: number;
}

type ClassFacts = Omit<UnauthorizedClass, 'id'>;

/** The classes that have rows in this generation. */
export function countedClasses(sql: SqlRunner, generation: number): Promise<readonly CountedClass[]> {
  return remember(sql, 'fact', ['classes', generation], () => readClasses(sql, generation));
}

async function readClasses(sql: SqlRunner, generation: number): Promise<readonly CountedClass[]> {
  const rows = await sql.all(
    `SELECT k.*, n.clients AS clients, n.attempts AS attempts FROM unauthorized_counts n
     JOIN unauthorized_classes k ON k.id = n.class_id WHERE n.generation = ? AND n.clients > 0`,
    [generation],
  );
  return rows.map((row) => ({
    ...classFromRow(row),
    clients: num(row, 'clients'),
    attempts: num(row, 'attempts'),
  }));
}

export function clientsOf(classes: readonly CountedClass[]): number {
  return classes.reduce((sum, { clients }) => sum + clients, 0);
}

/** Whether a class is let through by the part of a filter that concerns classes alone. */
export function classMatches(filter: UnauthorizedFilter, value: ClassFacts): boolean {
  return (
    inSet(filter.reason, value.reason) &&
    inSet(filter.family, familyOf(value.reason)) &&
    inSet(filter.listener, value.listener) &&
    inSet(filter.state, value.resolved ? 'resolved' : 'open') &&
    inSet<number | null>(filter.protocol, value.protocol) &&
    (filter.passwordProvided ?? value.passwordProvided) === value.passwordProvided &&
    (filter.tlsUsed ?? value.tlsUsed) === value.tlsUsed
  );
}

function inSet<T>(
  set: { readonly include?: readonly T[]; readonly exclude?: readonly T[] } | undefined,
  value: T,
): boolean {
  if (set === undefined) return true;
  const included = set.include === undefined || set.include.length === 0 || set.include.includes(value);
  return included && !(set.exclude ?? []).includes(value);
}

/** Finds classes by their facts, making those that are new; remembers none beyond the transaction it is made in. */
export function classDirectory(sql: SqlRunner): (row: StoredRow) => Promise<number> {
  const known = new Map<string, number>();
  return async (row) => {
    const values = [
      row.reason,
      row.listener,
      row.protocol ?? 0,
      Number(row.passwordProvided),
      Number(row.tlsUsed),
      Number(row.resolved),
    ];
    const key = JSON.stringify(values);
    const id = known.get(key) ?? (await findOrMake(sql, values));
    known.set(key, id);
    return id;
  };
}

async function findOrMake(sql: SqlRunner, values: readonly (string | number)[]): Promise<number> {
  const columns = 'reason, listener, protocol, password_provided, tls_used, resolved';
  const find = `SELECT id FROM unauthorized_classes WHERE reason = ? AND listener = ? AND protocol = ?
    AND password_provided = ? AND tls_used = ? AND resolved = ?`;
  const [found] = await sql.all(find, values);
  if (found !== undefined) return num(found, 'id');
  await sql.run(
    `INSERT INTO unauthorized_classes (${columns}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    values,
  );
  const [made] = await sql.all(find, values);
  if (made === undefined) throw new Error('a class that was made is not there');
  return num(made, 'id');
}

function classFromRow(row: Row): UnauthorizedClass {
  return {
    id: num(row, 'id'),
    reason: text(row, 'reason'),
    listener: text(row, 'listener'),
    protocol: protocolFromColumn(num(row, 'protocol')),
    passwordProvided: num(row, 'password_provided') === 1,
    tlsUsed: num(row, 'tls_used') === 1,
    resolved: num(row, 'resolved') === 1,
  };
}
