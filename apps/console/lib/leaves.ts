/** The values at the ends of a JSON value, as JSON, by their dotted path. */
export function leavesOf(value: unknown, path: readonly string[] = []): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path.join('.'), JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([key, below]) => [...leavesOf(below, [...path, key])]));
}

/** What stands at a dotted path, as JSON; undefined: nothing. */
export function valueAt(value: unknown, path: string): string | undefined {
  let found = value;
  for (const key of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = new Map<string, unknown>(Object.entries(found)).get(key);
  }
  return found === undefined ? undefined : JSON.stringify(found);
}
