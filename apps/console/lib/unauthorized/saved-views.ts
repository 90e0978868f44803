/** A view with a name: the page's query, without cursor and open row. */
export interface SavedView {
  readonly name: string;
  readonly search: string;
}

const SAVED_VIEWS_MAX = 30;
export const VIEW_NAME_CHARACTERS_MAX = 60;
const NOT_SAVED = ['cursor', 'at', 'open'] as const;

const isSavedView = (value: unknown): value is SavedView =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'search' in value &&
  typeof value.search === 'string';

/** Reads what was stored; what is no view is dropped. */
export function parseSavedViews(text: string): readonly SavedView[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isSavedView).slice(0, SAVED_VIEWS_MAX) : [];
  } catch {
    return [];
  }
}

/** The views with this one: one of the same name is replaced. */
export const withView = (views: readonly SavedView[], view: SavedView): readonly SavedView[] =>
  [...views.filter(({ name }) => name !== view.name), view].slice(-SAVED_VIEWS_MAX);

/** The part of the address that is worth a name. */
export function searchToSave(search: string): string {
  const params = new URLSearchParams(search);
  for (const key of NOT_SAVED) params.delete(key);
  return params.toString();
}
