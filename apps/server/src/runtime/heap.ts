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

/** Lifts the bound while a heap is only filled: collecting it again and again would find nothing. */
export function freeHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=0');
}
