import { afterEach, beforeEach, expect, test } from 'vitest';
import { openConnection } from '../src/sqlite/connection.ts';
import { openSqlite, type OpenDatabase } from '../src/sqlite/database.ts';
import { prismaAdapter } from '../src/sqlite/prisma-adapter.ts';
import { sqliteTarget } from '../src/sqlite/migration-target.ts';
import { temporaryDirectory } from './support/stores.ts';

/** SQLite answers as it does on a full disk: SQLITE_FULL, and the transaction is over. */
const FULL = /database or disk is full/;
const FILL = 'INSERT INTO filler (bytes) VALUES (zeroblob(1000000))';

let folder: ReturnType<typeof temporaryDirectory>;
let database: OpenDatabase;

beforeEach(async () => {
  folder = temporaryDirectory();
  database = await openSqlite(folder.path);
  await database.write(async ({ sql }) => {
    await sql.run('CREATE TABLE filler (bytes BLOB)');
    // No page more than there are.
    await sql.all('PRAGMA max_page_count = 1');
  });
});
afterEach(async () => {
  await database.close();
  folder.discard();
});

const makeRoom = () => database.write(({ sql }) => sql.all('PRAGMA max_page_count = 100000'));

test('a write on a full disk tells that the disk is full, keeps nothing, and the next one works', async () => {
  const write = database.write(async ({ sql }) => {
    await sql.run('INSERT INTO filler (bytes) VALUES (NULL)');
    await sql.run(FILL);
  });
  await expect(write).rejects.toThrow(FULL);
  await makeRoom();
  await database.write(({ sql }) => sql.run(FILL));
  expect(await database.read(({ sql }) => sql.all('SELECT count(*) AS rows FROM filler'))).toEqual([
    { rows: 1 },
  ]);
});

test('a migration on a full disk tells that the disk is full', async () => {
  const connection = openConnection(`${folder.path}/migrated.db`);
  connection.exec('CREATE TABLE filler (bytes BLOB)');
  connection.all('PRAGMA max_page_count = 1');
  const target = sqliteTarget(connection);
  await expect(target.atomically(() => target.run(FILL, []))).rejects.toThrow(FULL);
  connection.close();
});

test('a transaction of Prisma on a full disk is rolled back, though the disk has ended it already', async () => {
  const connection = openConnection(`${folder.path}/prisma.db`);
  connection.exec('CREATE TABLE filler (bytes BLOB)');
  connection.all('PRAGMA max_page_count = 1');
  const adapter = await prismaAdapter(connection).connect();
  connection.exec('BEGIN IMMEDIATE');
  const transaction = await adapter.startTransaction();
  await expect(transaction.executeRaw({ sql: FILL, args: [], argTypes: [] })).rejects.toThrow(/./);
  await expect(transaction.rollback()).resolves.toBeUndefined();
  connection.close();
});
