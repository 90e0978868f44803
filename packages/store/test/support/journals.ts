import type { JournalSegment, JournalStore } from '@gatehouse/ports';
import { expect, test } from 'vitest';

/** A segment whose bytes all are its number. */
export const segment = (number: number, bytes = 10): JournalSegment => ({
  number,
  bytes: new Uint8Array(bytes).fill(number),
});

/** What a journal tells from its first segment to its last. */
export async function everything(journal: JournalStore): Promise<JournalSegment[]> {
  const all: JournalSegment[] = [];
  for (;;) {
    const some = await journal.read(all.at(-1)?.number ?? 0);
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** A journal under test, and the way to close it and open it again on the same data. */
export interface JournalSubject {
  readonly journal: () => JournalStore;
  readonly reopen: () => Promise<void>;
}

/** What every journal store keeps to, whatever lies under it. */
export function journalContract({ journal, reopen }: JournalSubject): void {
  test('what was appended is there again, in its order, byte for byte', async () => {
    await Promise.all([1, 2, 3].map((number) => journal().append(segment(number, number * 100_000))));
    await reopen();
    const all = await everything(journal());
    expect(all.map(({ number }) => number)).toEqual([1, 2, 3]);
    for (const { number, bytes } of all) {
      expect(Buffer.compare(bytes, new Uint8Array(number * 100_000).fill(number))).toBe(0);
    }
  });

  test('closing waits for what was appended and not awaited', async () => {
    void journal().append(segment(1));
    await reopen();
    expect(await everything(journal())).toHaveLength(1);
  });

  test('one read hands over a few MiB, a larger segment whole', async () => {
    for (const number of [1, 2, 3]) await journal().append(segment(number, 3_000_000));
    await journal().append(segment(4, 6_000_000));
    expect(await journal().read(0)).toHaveLength(1);
    const [large] = await journal().read(3);
    expect(large?.bytes.byteLength).toBe(6_000_000);
    expect(await everything(journal())).toHaveLength(4);
  });

  test('segments that were dropped do not come back, later ones do', async () => {
    for (let number = 1; number <= 600; number += 1) void journal().append(segment(number));
    await journal().append(segment(601));
    journal().dropBefore(500);
    // The deletion goes on between other work; appending waits for its turn behind a step of it.
    await expect.poll(async () => (await everything(journal()))[0]?.number).toBe(500);
    await reopen();
    expect((await everything(journal())).map(({ number }) => number)).toEqual(
      Array.from({ length: 102 }, (_, index) => 500 + index),
    );
  });
}
