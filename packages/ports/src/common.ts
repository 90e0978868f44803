/** A page of a list: keyset paged, total counted up to a bound. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque cursors; null at the ends. */
  readonly next: string | null;
  readonly prev: string | null;
  readonly total: number;
  /** False when counting stopped at `COUNT_EXACT_MAX`: show "10 000+". */
  readonly totalIsExact: boolean;
}

/** Rows up to which a list's total is counted exactly (console.md). */
export const COUNT_EXACT_MAX = 10_000;

export interface PageRequest<SortField extends string> {
  /** 1 … 200. */
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort: { readonly field: SortField; readonly direction: 'asc' | 'desc' };
}

/** Text comparison; `contains` needs three characters or more (trigram index). */
export interface TextFilter {
  readonly op: 'eq' | 'starts' | 'contains';
  readonly value: string;
}

/** Values to keep, or to leave out. */
export interface SetFilter<T> {
  readonly include?: readonly T[];
  readonly exclude?: readonly T[];
}

/** Who makes a change: written to the audit, and the only one who may undo it. */
export interface Actor {
  readonly kind: 'user' | 'api-key' | 'cli' | 'system';
  readonly id: string;
  readonly name: string;
}

/** A cursor that does not belong to this list, sort or filter: the API answers 400. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
}
