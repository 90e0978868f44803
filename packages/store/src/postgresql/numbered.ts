const NUMBERED_MAX = 1_000;
const numberedCache = new Map<string, string>();

/** `?` as PostgreSQL writes it: `$1`, `$2`, … (no text of ours contains a question mark). */
export function numbered(sql: string): string {
  const known = numberedCache.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const made = sql.replaceAll('?', () => `$${String(++count)}`);
  if (numberedCache.size >= NUMBERED_MAX) numberedCache.clear();
  numberedCache.set(sql, made);
  return made;
}
