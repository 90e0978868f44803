import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreOpenError } from '@gatehouse/ports';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { journalSize, openJournal, type FileJournal } from '../src/journal/journal-store.ts';
import { everything, journalContract, segment } from './support/journals.ts';

let folder: string;
let journal: FileJournal;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-journal-'));
  journal = await openJournal(folder);
});
afterEach(async () => {
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

const reopen = async (): Promise<void> => {
  await journal.close();
  journal = await openJournal(folder);
};

journalContract({ journal: () => journal, reopen });

test('a journal that is open is not opened a second time: what it told would be old at once', async () => {
  await journal.append(segment(1));
  await expect(openJournal(folder)).rejects.toThrow(/is in use/);
  await reopen();
  await expect(openJournal(folder)).rejects.toThrow(/is in use/);
  expect(await everything(journal)).toHaveLength(1);
});

test('a segment that cannot be read is told, and does not keep its reader waiting', async () => {
  await journal.append(segment(1, 1_000_000));
  await journal.close();
  const path = join(folder, 'journal.db');
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xff, 8_192));
  journal = await openJournal(folder);
  await expect(everything(journal)).rejects.toThrow(StoreOpenError);
  await expect(journal.read(0)).rejects.toThrow();
});

test('the size of a journal counts what lies in its write-ahead log; where there is none it is 0', async () => {
  expect(journalSize(join(folder, 'nowhere'))).toBe(0);
  const before = journalSize(folder);
  await journal.append(segment(1, 1_000_000));
  expect(journalSize(folder) - before).toBeGreaterThanOrEqual(1_000_000);
});

test('a file that is no database is refused with its name, and left as it is', async () => {
  const other = mkdtempSync(join(tmpdir(), 'gatehouse-journal-'));
  writeFileSync(join(other, 'journal.db'), 'this is no database, it is a text of some length'.repeat(100));
  await expect(openJournal(other)).rejects.toThrow(StoreOpenError);
  await expect(openJournal(other)).rejects.toThrow(/journal\.db/);
  expect(existsSync(join(other, 'journal.db'))).toBe(true);
  rmSync(other, { recursive: true, force: true });
});

test('what is held for a backup is all that was committed until then and is needed, and stays until it is released', async () => {
  for (const number of [1, 2, 3]) await journal.append(segment(number));
  journal.dropBefore(2);
  const held = journal.hold();
  expect([held.after, held.until]).toEqual([1, 3]);
  await journal.append(segment(4));
  journal.dropBefore(4);
  expect((await held.read(held.after)).map(({ number }) => number)).toEqual([2, 3, 4]);
  await held.release();
  await expect.poll(async () => (await everything(journal)).map(({ number }) => number)).toEqual([4]);
});
