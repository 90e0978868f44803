import { removeValue } from './set-choice';
import type { TextOperator } from './text-choice';
import {
  DEFAULT_PAGE_SIZE,
  DEFAULT_RANGE,
  DEFAULT_SORT,
  FLAG_FIELDS,
  SET_FIELDS,
  TEXT_FIELDS,
  type FlagField,
  type SetField,
  type TextField,
  type View,
  type ViewPatch,
} from './view';

/** One filter that is on, apart from the others, and what takes it away. */
export type ActiveFilter = { readonly key: string; readonly without: ViewPatch } & (
  | { readonly kind: 'set'; readonly field: SetField; readonly value: string; readonly excluded: boolean }
  | {
      readonly kind: 'text';
      readonly field: TextField | 'search';
      readonly operator: TextOperator;
      readonly value: string;
    }
  | { readonly kind: 'flag'; readonly field: FlagField; readonly value: boolean }
  | { readonly kind: 'time' | 'first'; readonly from: Date | null; readonly to: Date | null }
  | { readonly kind: 'state'; readonly state: 'resolved' | 'all' }
);

function setFilters(view: View, field: SetField): readonly ActiveFilter[] {
  const choice = view[field];
  if (choice === null) return [];
  const one = (value: string, excluded: boolean): ActiveFilter => ({
    kind: 'set',
    key: `${field}:${excluded ? '!' : ''}${value}`,
    field,
    value,
    excluded,
    without: { [field]: removeValue(choice, value) },
  });
  return [
    ...choice.include.map((value) => one(value, false)),
    ...choice.exclude.map((value) => one(value, true)),
  ];
}

const textFilters = (view: View, field: TextField): readonly ActiveFilter[] => {
  const choice = view[field];
  return choice === null ? [] : [{ kind: 'text', key: field, field, ...choice, without: { [field]: null } }];
};

const flagFilters = (view: View, field: FlagField): readonly ActiveFilter[] => {
  const value = view[field];
  return value === null ? [] : [{ kind: 'flag', key: field, field, value, without: { [field]: null } }];
};

/** The filters that are on, in the order the chips stand. The default state (open) is none. */
export function activeFilters(view: View): readonly ActiveFilter[] {
  const filters: ActiveFilter[] = [
    ...SET_FIELDS.flatMap((field) => setFilters(view, field)),
    ...TEXT_FIELDS.flatMap((field) => textFilters(view, field)),
    ...FLAG_FIELDS.flatMap((field) => flagFilters(view, field)),
  ];
  const { search, state, from, to, firstFrom, firstTo } = view;
  if (search !== null) {
    filters.push({
      kind: 'text',
      key: 'search',
      field: 'search',
      operator: 'contains',
      value: search,
      without: { search: null },
    });
  }
  if (state !== 'open') filters.push({ kind: 'state', key: 'state', state, without: { state: null } });
  if (from !== null || to !== null) {
    filters.push({ kind: 'time', key: 'time', from, to, without: { from: null, to: null } });
  }
  if (firstFrom !== null || firstTo !== null) {
    const without = { firstFrom: null, firstTo: null };
    filters.push({ kind: 'first', key: 'first', from: firstFrom, to: firstTo, without });
  }
  return filters;
}

/** Every way to show more: without one filter, with resolved rows too, over all time. */
export function relaxations(view: View): readonly { readonly key: string; readonly patch: ViewPatch }[] {
  const filters = activeFilters(view)
    .filter(({ kind }) => kind !== 'state')
    .map(({ key, without }) => ({ key, patch: without }));
  return [
    ...filters,
    ...(view.state === 'all' ? [] : [{ key: 'state', patch: { state: 'all' as const } }]),
    ...(view.range === 'all' && view.from === null && view.to === null
      ? []
      : [{ key: 'range', patch: { range: 'all' as const, from: null, to: null } }]),
  ];
}

/** The view after a patch; null means the default, as in the URL. */
export function patched(view: View, patch: ViewPatch): View {
  const { state, range, sort, limit, group, ...rest } = patch;
  return {
    ...view,
    cursor: null,
    at: null,
    ...rest,
    state: chosen(state, view.state, 'open'),
    range: chosen(range, view.range, DEFAULT_RANGE),
    sort: chosen(sort, view.sort, DEFAULT_SORT),
    limit: chosen(limit, view.limit, DEFAULT_PAGE_SIZE),
    group: chosen(group, view.group, 'none'),
  };
}

const chosen = <T>(next: T | null | undefined, now: T, fallback: T): T =>
  next === undefined ? now : (next ?? fallback);
