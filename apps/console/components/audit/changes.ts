/** One field before and after; undefined where it did not exist. */
export interface Change {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

/** What an audit entry changed, field by field; fields that stayed the same are left out. */
export function changesOf(before: unknown, after: unknown): readonly Change[] {
  if (!isRecord(before) && !isRecord(after)) {
    const change = { field: '', before: shown(before ?? undefined), after: shown(after ?? undefined) };
    return change.before === change.after ? [] : [change];
  }
  const old = isRecord(before) ? before : {};
  const now = isRecord(after) ? after : {};
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .map((field) => ({ field, before: shown(old[field]), after: shown(now[field]) }))
    .filter((change) => change.before !== change.after);
}
