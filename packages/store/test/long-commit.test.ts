import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { openConnection } from '../src/sqlite/connection.ts';
import { createCommits } from '../src/sqlite/long-commit.ts';

const PAGES_MAX = 10;
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-commit-'));
const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
  rmSync(directory, { recursive: true, force: true });
});

/** Rows in the database file itself, without its log. */
const copied = (path: string): unknown => {
  const url = pathToFileURL(path);
  url.search = 'immutable=1';
  const reader = openConnection(url.href);
  try {
    return reader.all('SELECT count(*) AS rows FROM t')[0]?.['rows'];
  } finally {
    reader.close();
  }
};

test('a long transaction is there once it is committed, and is copied out of the log by another thread', async () => {
  const path = join(directory, 'main.db');
  const writer = openConnection(path);
  ended.push(() => {
    writer.close();
  });
  writer.all('PRAGMA journal_mode = WAL');
  writer.exec('CREATE TABLE t (x TEXT)');
  writer.all(`PRAGMA wal_autocheckpoint = ${PAGES_MAX}`);
  writer.all('PRAGMA wal_checkpoint(TRUNCATE)');
  const commits = createCommits(path, writer, PAGES_MAX);
  writer.exec('BEGIN IMMEDIATE');
  for (let i = 0; i < 500; i++) writer.run('INSERT INTO t VALUES (?)', ['x'.repeat(4_000)]);
  await commits.commit(Number.NEGATIVE_INFINITY);
  expect(writer.all('SELECT count(*) AS rows FROM t')).toEqual([{ rows: 500 }]);
  await commits.idle();
  expect(copied(path)).toBe(500);
  expect(writer.all('PRAGMA wal_autocheckpoint')).toEqual([{ wal_autocheckpoint: PAGES_MAX }]);
});
