/** Whether one of the filters that `none` names is set in a list's query. */
export const isFilteredBy = <Filters extends object>(
  query: Readonly<Record<keyof Filters, unknown>>,
  none: Filters,
): boolean => (Object.keys(none) as (keyof Filters)[]).some((name) => query[name] !== null);
