import { setFlagsFromString } from 'node:v8';

/** How much the old generation of a heap may grow, in percent of what lived at its last collection. */
const HEAP_GROWTH_PERCENT = 15;

/**
 * Bounds how much garbage the heaps of all threads keep: V8 would let them double or more before it collects them, and
 * in a storm of refusals most of what gets old is a row that has been flushed since (docs/adr/0012).
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
}

/** Bytes of a journal from which on bringing it back fills the heap so far that the bound would cost more than it saves. */
const JOURNAL_BYTES_LARGE = 16_777_216;

/**
 * Lifts the bound while a large journal is brought back: the heap is only filled then, and collecting it again and again
 * would find nothing. Not for a small one: a heap of another thread that is collected meanwhile keeps the room it was
 * given until it is collected again, which in a storm is 40 MiB of garbage.
 */
export async function whileHeapFills(journalBytes: number, fill: () => Promise<void>): Promise<void> {
  if (journalBytes < JOURNAL_BYTES_LARGE) return fill();
  setFlagsFromString('--heap-growing-percent=0');
  try {
    await fill();
  } finally {
    boundHeapGrowth();
  }
}
