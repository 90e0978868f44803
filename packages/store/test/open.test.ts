import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { StoreOpenError } from '@gatehouse/ports';
import { applyMigrations, readMigrations } from '../src/migrations.ts';
import { migrate, openStore } from '../src/open.ts';
import { openConnection } from '../src/sqlite/connection.ts';
import { openFile } from '../src/sqlite/open.ts';
import { sqliteTarget } from '../src/sqlite/migration-target.ts';
import { ALICE } from './support/records.ts';
import { temporaryDirectory, testClock } from './support/stores.ts';

const discards: (() => void)[] = [];
afterEach(() => {
  for (const discard of discards.splice(0)) discard();
});

function dataDirectory(): string {
  const { path, discard } = temporaryDirectory();
  discards.push(discard);
  return path;
}

const open = (dataDir: string) => openStore({ url: '', dataDir, clock: testClock() });

async function refusal(opening: Promise<unknown>): Promise<StoreOpenError> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreOpenError)) throw new Error(`expected a StoreOpenError, got ${String(error)}`);
  return error;
}

test('a data directory that is missing is made, and migrating again applies nothing', async () => {
  const dataDir = join(dataDirectory(), 'deep', 'data');
  expect(await migrate({ url: '', dataDir })).toEqual(readMigrations('sqlite').map(({ name }) => name));
  expect(await migrate({ url: '', dataDir })).toEqual([]);
});

test('migrations are recorded as Prisma records them', async () => {
  const dataDir = dataDirectory();
  await migrate({ url: '', dataDir });
  const connection = openConnection(join(dataDir, 'main.db'));
  const rows = connection.all(
    'SELECT migration_name, checksum, applied_steps_count, rolled_back_at FROM _prisma_migrations',
  );
  connection.close();
  expect(rows).toEqual(
    readMigrations('sqlite').map(({ name, checksum }) => ({
      migration_name: name,
      checksum,
      applied_steps_count: 1,
      rolled_back_at: null,
    })),
  );
});

test('a second server on the same data directory is told that it is in use', async () => {
  const dataDir = dataDirectory();
  const store = await open(dataDir);
  expect(await refusal(open(dataDir))).toMatchObject({ code: 'locked' });
  await store.close();
  await (await open(dataDir)).close();
});

test('a file that is no database is damaged, and stays as it is', async () => {
  const dataDir = dataDirectory();
  const path = join(dataDir, 'main.db');
  writeFileSync(path, 'this is a letter, not a database'.repeat(300));
  const before = readFileSync(path);
  expect(await refusal(open(dataDir))).toMatchObject({ code: 'damaged' });
  expect(readFileSync(path)).toEqual(before);
});

test('a database with overwritten pages is damaged, and stays as it is', async () => {
  const dataDir = dataDirectory();
  await migrate({ url: '', dataDir });
  const path = join(dataDir, 'main.db');
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4_096 * 3, 4_096 * 12);
  writeFileSync(path, bytes);
  expect(await refusal(open(dataDir))).toMatchObject({ code: 'damaged' });
  expect(readFileSync(path)).toEqual(bytes);
});

test('a place that cannot be written is named', async () => {
  const dataDir = dataDirectory();
  writeFileSync(join(dataDir, 'file'), '');
  const error = await refusal(open(join(dataDir, 'file', 'below')));
  expect(error.code).toBe('not-writable');
  expect(error.message).toContain(join(dataDir, 'file', 'below'));
  mkdirSync(join(dataDir, 'main.db'));
  expect(await refusal(open(dataDir))).toMatchObject({ code: 'not-writable' });
});

test('a database of a newer version is refused before anything is written', async () => {
  const dataDir = dataDirectory();
  await migrate({ url: '', dataDir });
  const path = join(dataDir, 'main.db');
  const connection = openConnection(path);
  connection.exec(
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) VALUES ('x', 'c', 1, '29990101000000_future')`,
  );
  connection.close();
  const before = readFileSync(path);
  const error = await refusal(open(dataDir));
  expect(error).toMatchObject({ code: 'newer-schema' });
  expect(error.message).toContain('29990101000000_future');
  expect(readFileSync(path)).toEqual(before);
});

test('an unreachable PostgreSQL is named without its password', async () => {
  const opening = openStore({
    url: 'postgresql://gatehouse:top-secret@127.0.0.1:1/db',
    dataDir: '',
    clock: testClock(),
  });
  const error = await refusal(opening);
  expect(error.code).toBe('unreachable');
  expect(`${error.message} ${String(error.cause)}`).not.toContain('top-secret');
});

test('a migration that fails half-way leaves nothing behind, and can be applied when it is mended', async () => {
  const dataDir = dataDirectory();
  const file = await openFile(dataDir);
  const target = sqliteTarget(file.writer);
  const applied = readMigrations('sqlite');
  const broken = {
    name: '29980101000000_next',
    checksum: 'a',
    script: 'CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);',
  };
  const mended = { ...broken, script: 'CREATE TABLE half (id INTEGER);' };
  expect(await refusal(applyMigrations(target, [...applied, broken]))).toMatchObject({
    code: 'migration-failed',
  });
  expect(await target.tables()).not.toContain('half');
  expect(await applyMigrations(target, [...applied, mended])).toEqual([mended.name]);
  expect(await applyMigrations(target, [...applied, mended])).toEqual([]);
  file.close();
});

test('files as a process leaves them that was killed within a migration open, and the migration is applied', async () => {
  const dataDir = dataDirectory();
  const crashed = dataDirectory();
  const [first] = readMigrations('sqlite');
  const connection = openConnection(join(dataDir, 'main.db'));
  connection.all('PRAGMA journal_mode = WAL');
  connection.exec('PRAGMA cache_size = 1; BEGIN IMMEDIATE');
  connection.exec(first?.script ?? '');
  for (const name of readdirSync(dataDir)) copyFileSync(join(dataDir, name), join(crashed, name));
  connection.close();
  expect(await migrate({ url: '', dataDir: crashed })).toContain(first?.name);
  expect(existsSync(join(crashed, 'main.db'))).toBe(true);
});

test('the audit cannot be rewritten, not even by SQL', async () => {
  const dataDir = dataDirectory();
  const store = await open(dataDir);
  await store.audit.append({
    at: 1,
    actor: ALICE,
    action: 'a.b',
    target: null,
    before: null,
    after: null,
    ip: '',
    requestId: '',
  });
  await store.close();
  const connection = openConnection(join(dataDir, 'main.db'));
  expect(() => {
    connection.exec(`UPDATE audit_entries SET action = 'c.d'`);
  }).toThrow('append-only');
  expect(() => {
    connection.exec('DELETE FROM audit_entries');
  }).toThrow('append-only');
  connection.exec(`DROP TRIGGER audit_entries_no_update; UPDATE audit_entries SET action = 'c.d'`);
  connection.close();
  const tampered = await open(dataDir);
  expect((await tampered.audit.verify()).brokenAt).not.toBeNull();
  await tampered.close();
});

test('a database that another program made is refused, by the names of its tables, and left as it is', async () => {
  const dataDir = dataDirectory();
  const path = join(dataDir, 'main.db');
  const connection = openConnection(path);
  connection.exec('CREATE TABLE orders (id INTEGER); CREATE TABLE settings (id INTEGER);');
  connection.close();
  const before = readFileSync(path);
  const error = await refusal(open(dataDir));
  expect(error).toMatchObject({
    code: 'foreign',
    message:
      'The database belongs to another program (its tables: orders, settings). Nothing was changed. Give Gatehouse a database of its own.',
  });
  expect(readFileSync(path)).toEqual(before);
});
