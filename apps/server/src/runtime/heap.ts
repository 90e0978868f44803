import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Served } from '@gatehouse/broker';
import type { Clock } from '@gatehouse/ports';

/** How much the old generation of a heap may grow, in percent of what lived at its last collection. */
const HEAP_GROWTH_PERCENT = 30;

/**
 * Bounds how much garbage the heaps of all threads keep: V8 would let them double or more before it collects them, and
 * in a storm of refusals most of what gets old is a row that has been flushed since (docs/adr/0012).
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
}

/**
 * Collects this thread's heap once, when it has started: the room that a heap is given is decided at its last collection,
 * and that was while modules were loaded, before the bound held. In a storm that room was 80 MiB of garbage.
 */
export function boundHeapFromHere(): void {
  boundHeapGrowth();
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  setFlagsFromString('--no-expose-gc');
}

/** Bytes of a journal from which on bringing it back fills the heap so far that the bound would cost more than it saves. */
const JOURNAL_BYTES_LARGE = 16_777_216;

/**
 * Lifts the bound while a large journal is brought back: the heap is only filled then, and collecting it again and again
 * would find nothing. Not for a small one: a heap of another thread that is collected meanwhile keeps the room it was
 * given until it is collected again, which in a storm is 40 MiB of garbage.
 */
export async function whileHeapFills<T>(journalBytes: number, fill: () => Promise<T>): Promise<T> {
  if (journalBytes < JOURNAL_BYTES_LARGE) return fill();
  freeHeapGrowth();
  try {
    return await fill();
  } finally {
    boundHeapGrowth();
  }
}

function freeHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=0');
}

/** How often the traffic is looked at. */
const LOOK_MS = 1_000;
/** Messages received and sent per second from which on memory is spent for speed. */
const BUSY_MESSAGES_PER_SECOND = 2_000;
/** A login leaves as much behind as so many messages. */
const LOGIN_MESSAGES = 2;

/**
 * Lifts the bound while many messages pass or many clients log in. What waits for a moment gets old, and a heap that may
 * grow by little is collected several times a second then, for up to a half of the throughput. Refused clients do not
 * count: in a storm of them it is memory that is short. Returns what ends it.
 */
export function boundHeapByTraffic(
  served: () => Served,
  clock: Pick<Clock, 'after' | 'monotonic'>,
  heap = { free: freeHeapGrowth, bound: boundHeapGrowth },
): () => void {
  const work = (): number => {
    const { messages, logins } = served();
    return messages + LOGIN_MESSAGES * logins;
  };
  let handled = work();
  let at = clock.monotonic();
  let isFree = false;
  const look = (): void => {
    const now = clock.monotonic();
    const handledNow = work();
    const isBusy = handledNow - handled > (BUSY_MESSAGES_PER_SECOND * (now - at)) / 1_000;
    [handled, at] = [handledNow, now];
    if (isBusy !== isFree) (isBusy ? heap.free : heap.bound)();
    isFree = isBusy;
    cancel = clock.after(LOOK_MS, look);
  };
  let cancel = clock.after(LOOK_MS, look);
  return () => {
    cancel();
  };
}
