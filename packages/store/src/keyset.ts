import { createHash } from 'node:crypto';
import { InvalidCursorError, type PageRequest } from '@gatehouse/ports';
import type { Fragment, SqlValue } from './sql.ts';
import { and, fragment, marks } from './sql.ts';

/** Where a page begins: behind this row, in the direction of the walk. */
interface Position {
  /** One per sort expression. */
  readonly values: readonly (string | number)[];
  readonly id: string | number;
}

/** How a page's rows are to be fetched: `limit` rows behind `after`, in this order. */
export interface Walk {
  readonly ascending: boolean;
  readonly after: Position | null;
  readonly limit: number;
}

/** A fetched row with its position. */
export interface Placed<T> {
  readonly item: T;
  readonly position: Position;
}

export interface KeysetPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly prev: string | null;
}

type Direction = 'next' | 'prev';

/**
 * One page of a list ordered by a column and the id. Cursors are opaque and belong to `scope` (the list's name and
 * filter) and the sort. @throws InvalidCursorError
 */
export async function keysetPage<T>(
  scope: unknown,
  request: PageRequest<string>,
  fetch: (walk: Walk) => Promise<readonly Placed<T>[]>,
): Promise<KeysetPage<T>> {
  const seal = sealOf(scope, request);
  const cursor = request.cursor === undefined ? null : decode(request.cursor, seal);
  const backward = cursor?.direction === 'prev';
  const found = await fetch({
    ascending: (request.sort.direction === 'asc') !== backward,
    after: cursor?.position ?? null,
    limit: request.limit + 1,
  });
  const more = found.length > request.limit;
  const kept = found.slice(0, request.limit);
  const placed = backward ? kept.reverse() : kept;
  const edge = (row: Placed<T> | undefined, direction: Direction, exists: boolean): string | null =>
    row === undefined || !exists ? null : encode(row.position, direction, seal);
  return {
    items: placed.map(({ item }) => item),
    next: edge(placed.at(-1), 'next', backward || more),
    prev: edge(placed.at(0), 'prev', backward ? more : cursor !== null),
  };
}

/** The SQL of a walk: condition, order and limit, for sort expressions and an id expression. */
export function walkSql(
  expressions: readonly string[],
  id: string,
  walk: Walk,
): { readonly where: Fragment; readonly tail: Fragment } {
  const order = walk.ascending ? 'ASC' : 'DESC';
  const columns = [...expressions, id];
  const { after } = walk;
  if (after !== null && after.values.length !== expressions.length) {
    throw new InvalidCursorError('the cursor cannot be read');
  }
  const where =
    after === null
      ? and([])
      : fragment(
          `(${columns.join(', ')}) ${walk.ascending ? '>' : '<'} (${marks(columns.length)})`,
          ...after.values,
          after.id,
        );
  const terms = columns.map((column) => `${column} ${order}`).join(', ');
  return { where, tail: fragment(`ORDER BY ${terms} LIMIT ?`, walk.limit) };
}

function sealOf(scope: unknown, { sort }: PageRequest<string>): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, sort.field, sort.direction]))
    .digest('base64url')
    .slice(0, 12);
}

function encode({ values, id }: Position, direction: Direction, seal: string): string {
  return Buffer.from(JSON.stringify([seal, direction, values, id])).toString('base64url');
}

function decode(
  cursor: string,
  seal: string,
): { readonly direction: Direction; readonly position: Position } {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== 4) throw new InvalidCursorError('the cursor cannot be read');
  const [sealed, direction, values, id] = parts as unknown[];
  if (sealed !== seal) throw new InvalidCursorError('the cursor belongs to another list, sort or filter');
  if ((direction !== 'next' && direction !== 'prev') || !isScalars(values) || !isScalar(id)) {
    throw new InvalidCursorError('the cursor cannot be read');
  }
  return { direction, position: { values, id } };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function isScalars(values: unknown): values is readonly (string | number)[] {
  return Array.isArray(values) && values.every(isScalar);
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** Values of several fragments in the order they are written. */
export function valuesOf(...parts: readonly Fragment[]): SqlValue[] {
  return parts.flatMap((part) => part.values);
}
