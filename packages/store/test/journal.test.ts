import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreOpenError, type JournalSegment, type JournalStore } from '@gatehouse/ports';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { journalSize, openJournal } from '../src/journal/journal-store.ts';

let folder: string;
let journal: JournalStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-journal-'));
  journal = await openJournal(folder);
});
afterEach(async () => {
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

const segment = (number: number, bytes = 10): JournalSegment => ({
  number,
  bytes: new Uint8Array(bytes).fill(number),
});

async function everything(): Promise<JournalSegment[]> {
  const all: JournalSegment[] = [];
  for (;;) {
    const some = await journal.read(all.at(-1)?.number ?? 0);
    if (some.length === 0) return all;
    all.push(...some);
  }
}

const reopen = async (): Promise<void> => {
  await journal.close();
  journal = await openJournal(folder);
};

test('what was appended is there again, in its order, byte for byte', async () => {
  await Promise.all([1, 2, 3].map((number) => journal.append(segment(number, number * 100_000))));
  await reopen();
  const all = await everything();
  expect(all.map(({ number }) => number)).toEqual([1, 2, 3]);
  for (const { number, bytes } of all) {
    expect(bytes).toEqual(new Uint8Array(number * 100_000).fill(number));
  }
});

test('a journal that is open is not opened a second time: what it told would be old at once', async () => {
  await journal.append(segment(1));
  await expect(openJournal(folder)).rejects.toThrow(/is in use/);
  await reopen();
  await expect(openJournal(folder)).rejects.toThrow(/is in use/);
  expect(await everything()).toHaveLength(1);
});

test('a segment that cannot be read is told, and does not keep its reader waiting', async () => {
  await journal.append(segment(1, 1_000_000));
  await journal.close();
  const path = join(folder, 'journal.db');
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xff, 8_192));
  journal = await openJournal(folder);
  await expect(everything()).rejects.toThrow(StoreOpenError);
  await expect(journal.read(0)).rejects.toThrow();
});

test('the size of a journal counts what lies in its write-ahead log; where there is none it is 0', async () => {
  expect(journalSize(join(folder, 'nowhere'))).toBe(0);
  const before = journalSize(folder);
  await journal.append(segment(1, 1_000_000));
  expect(journalSize(folder) - before).toBeGreaterThanOrEqual(1_000_000);
});

test('closing waits for what was appended and not awaited', async () => {
  void journal.append(segment(1));
  await reopen();
  expect(await everything()).toHaveLength(1);
});

test('one read hands over a few MiB, a larger segment whole', async () => {
  for (const number of [1, 2, 3]) await journal.append(segment(number, 3_000_000));
  await journal.append(segment(4, 6_000_000));
  expect(await journal.read(0)).toHaveLength(1);
  const [large] = await journal.read(3);
  expect(large?.bytes.byteLength).toBe(6_000_000);
  expect(await everything()).toHaveLength(4);
});

test('segments that were dropped do not come back, later ones do', async () => {
  for (let number = 1; number <= 600; number += 1) void journal.append(segment(number));
  await journal.append(segment(601));
  journal.dropBefore(500);
  // The deletion goes on between other work; appending waits for its turn behind a step of it.
  await expect.poll(async () => (await everything())[0]?.number).toBe(500);
  await reopen();
  expect((await everything()).map(({ number }) => number)).toEqual(
    Array.from({ length: 102 }, (_, index) => 500 + index),
  );
});

test('a file that is no database is refused with its name, and left as it is', async () => {
  const other = mkdtempSync(join(tmpdir(), 'gatehouse-journal-'));
  writeFileSync(join(other, 'journal.db'), 'this is no database, it is a text of some length'.repeat(100));
  await expect(openJournal(other)).rejects.toThrow(StoreOpenError);
  await expect(openJournal(other)).rejects.toThrow(/journal\.db/);
  expect(existsSync(join(other, 'journal.db'))).toBe(true);
  rmSync(other, { recursive: true, force: true });
});
