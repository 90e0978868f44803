import type { JournalSegment, JournalStore } from '@gatehouse/ports';

/** What came of a move: `differs` when the other journal has segments that are not from this one; nothing is moved then. */
export type Moved =
  { readonly outcome: 'moved'; readonly segments: number } | { readonly outcome: 'differs' };

async function* segmentsOf(journal: JournalStore): AsyncIterable<JournalSegment> {
  let some = await journal.read(0);
  for (let last = some.at(-1); last !== undefined; last = some.at(-1)) {
    yield* some;
    some = await journal.read(last.number);
  }
}

/**
 * Copies every segment of one journal into another, in order. What a move that was cut short has copied is not copied
 * again.
 */
export async function moveJournal(from: JournalStore, to: JournalStore): Promise<Moved> {
  let there: JournalSegment | undefined;
  for await (const segment of segmentsOf(to)) there = segment;
  let segments = 0;
  let last = 0;
  for await (const segment of segmentsOf(from)) {
    last = segment.number;
    if (there !== undefined && last <= there.number) {
      if (last === there.number && Buffer.compare(segment.bytes, there.bytes) !== 0)
        return { outcome: 'differs' };
      continue;
    }
    await to.append(segment);
    segments += 1;
  }
  return there !== undefined && there.number > last ? { outcome: 'differs' } : { outcome: 'moved', segments };
}
