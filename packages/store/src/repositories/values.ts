import { breathe } from '../write-queue.ts';
import type { StreamChunk } from '../unauthorized/stream.ts';

/** Ids per statement. */
const IDS_PER_STATEMENT = 100;

/** Times are BigInt columns in the models and numbers everywhere else. */
export function big(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

export function small(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}

/** Works through ids some at a time, letting the thread do other things in between; results in order. */
export async function inChunks<T>(
  ids: readonly string[],
  work: (some: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const results: T[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_STATEMENT) {
    results.push(...(await work(ids.slice(start, start + IDS_PER_STATEMENT))));
    await breathe();
  }
  return results;
}

/** Follows cursors to the end. */
export async function* pages<T>(
  fetch: (cursor: string | null) => Promise<StreamChunk<T>>,
): AsyncIterable<readonly T[]> {
  let cursor: string | null = null;
  do {
    const chunk: StreamChunk<T> = await fetch(cursor);
    if (chunk.items.length > 0) yield chunk.items;
    cursor = chunk.next;
  } while (cursor !== null);
}
