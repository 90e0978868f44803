/** Rows chosen one by one, or all that the filter matches but a few. */
export type Selection =
  | { readonly mode: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly mode: 'all'; readonly except: ReadonlySet<string> };

export const NOTHING_SELECTED: Selection = { mode: 'some', ids: new Set() };

export const isSelected = (selection: Selection, id: string): boolean =>
  selection.mode === 'some' ? selection.ids.has(id) : !selection.except.has(id);

export const isEmpty = (selection: Selection): boolean =>
  selection.mode === 'some' && selection.ids.size === 0;

/** How many that are, of `total` rows. */
export const selectedCount = (selection: Selection, total: number): number =>
  selection.mode === 'some' ? selection.ids.size : Math.max(0, total - selection.except.size);

/** Takes rows in or out. */
export function withRows(selection: Selection, ids: readonly string[], selected: boolean): Selection {
  const listed = new Set(selection.mode === 'some' ? selection.ids : selection.except);
  const add = selection.mode === 'some' ? selected : !selected;
  for (const id of ids) {
    if (add) listed.add(id);
    else listed.delete(id);
  }
  return selection.mode === 'some' ? { mode: 'some', ids: listed } : { mode: 'all', except: listed };
}

/** The rows from one to another, both included, in the order shown; just the second where the first has gone. */
export function between(order: readonly string[], from: string | null, to: string): readonly string[] {
  const start = from === null ? -1 : order.indexOf(from);
  const end = order.indexOf(to);
  if (start === -1 || end === -1) return [to];
  return order.slice(Math.min(start, end), Math.max(start, end) + 1);
}
