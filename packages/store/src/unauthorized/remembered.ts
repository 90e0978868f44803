import type { SqlRunner } from '../sql.ts';

/** Id sets remembered per reading connection (125 KB each per million rows). */
const SETS_MAX = 8;
/** Numbers and class lists remembered per reading connection. */
const FACTS_MAX = 64;

type Kind = 'set' | 'fact';
const KEPT_MAX: Readonly<Record<Kind, number>> = { set: SETS_MAX, fact: FACTS_MAX };

interface Memory {
  readonly version: number;
  /** By what was asked, the one used longest ago first. */
  readonly kept: Readonly<Record<Kind, Map<string, unknown>>>;
}

const memories = new WeakMap<SqlRunner, Memory>();

/**
 * What `read` found when this was asked before, as long as nothing was committed since: the other pages and sorts of a
 * filter ask for the same. A connection that cannot tell whether anything was committed remembers nothing.
 */
export async function remember<T>(
  sql: SqlRunner,
  kind: Kind,
  question: readonly unknown[],
  read: () => Promise<T>,
): Promise<T> {
  if (sql.dataVersion === undefined) return read();
  const version = await sql.dataVersion();
  let memory = memories.get(sql);
  if (memory?.version !== version) {
    memory = { version, kept: { set: new Map(), fact: new Map() } };
    memories.set(sql, memory);
  }
  const kept = memory.kept[kind];
  const key = JSON.stringify(question, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  // The question names what is asked for, and one question has one type of answer.
  const answer = kept.has(key) ? (kept.get(key) as T) : await read();
  kept.delete(key);
  kept.set(key, answer);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_MAX[kind] && oldest !== undefined) kept.delete(oldest);
  return answer;
}
