import Database from 'libsql';
import pg from 'pg';
import { join } from 'node:path';
import type { BackupValue, Store, StoreRecord } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { restorePostgresql, restoreSqlite } from '../src/backup/restore.ts';
import { KEPT_TABLES, LEFT_OUT_TABLES, POSTGRESQL_FUNCTIONS } from '../src/backup/tables.ts';
import { migrate, openStore } from '../src/open.ts';
import { ALICE, batch, credential, delta } from './support/records.ts';
import { describePostgresql, describeStores, temporaryDirectory, testClock } from './support/stores.ts';

async function fill(store: Store): Promise<void> {
  await store.credentials.create(credential({ username: 'fleet', tags: ['a'] }), 1);
  await store.users.create({ email: 'o@example.org', name: 'O', role: 'owner', passwordHash: 'h' }, 2);
  await store.blocks.create(
    { kind: 'clientId', value: 'pump', expiresAt: null, comment: 'why\n"quoted"', createdBy: 'Ada' },
    3,
  );
  await store.unauthorized.flush(batch([delta({ clientId: 'refused-one' }), delta({ clientId: 'two' })]), 1);
  for (const requestId of ['r1', 'r2'])
    await store.audit.append({
      at: 4,
      actor: ALICE,
      action: 'test',
      target: null,
      before: null,
      after: { b: 1, a: [2] },
      ip: '192.0.2.1',
      requestId,
    });
}

async function recordsOf(store: Store): Promise<StoreRecord[]> {
  const records: StoreRecord[] = [];
  for await (const record of store.dump()) records.push(record);
  return records;
}

async function* told(records: readonly StoreRecord[]): AsyncGenerator<StoreRecord> {
  for (const record of records) yield await Promise.resolve(record);
}

const plain = (value: BackupValue): BackupValue => (typeof value === 'boolean' ? Number(value) : value);

/** What two stores must agree in, whichever database they are in: each row of each table, its columns by their names. */
function contents(records: readonly StoreRecord[]): Readonly<Record<string, readonly string[]>> {
  const tables: Record<string, readonly string[]> = {};
  let table = '';
  let columns: readonly string[] = [];
  for (const record of records) {
    if (record.kind === 'table') {
      table = record.name;
      columns = record.columns;
      tables[table] = [];
    } else if (record.kind === 'rows') {
      const named = record.rows.map((row) =>
        JSON.stringify(row.map((value, index) => [columns[index] ?? '', plain(value)]).toSorted(byColumn)),
      );
      tables[table] = [...(tables[table] ?? []), ...named].toSorted();
    }
  }
  return tables;
}

const byColumn = ([a]: readonly unknown[], [b]: readonly unknown[]): number =>
  String(a) < String(b) ? -1 : 1;

/** The restored store has it all and goes on with it. */
async function goesOn(store: Store): Promise<void> {
  expect(await store.audit.verify()).toEqual({ entries: 2, brokenAt: null });
  const found = await store.unauthorized.page(
    { clientId: { op: 'contains', value: 'fused-o' } },
    { limit: 5, sort: { field: 'lastAttemptAt', direction: 'desc' } },
  );
  expect(found.items.map(({ clientId }) => clientId)).toEqual(['refused-one']);
  const made = await store.unauthorized.flush(batch([delta({ clientId: 'three' })]), 2);
  expect(made.changes).toMatchObject([{ kind: 'upsert', isNew: true }]);
}

describeStores('a backup of a store', (subject) => {
  test('restores into SQLite with every row, the search and the chain of the audit', async () => {
    await fill(subject().store);
    const records = await recordsOf(subject().store);
    const { path, discard } = temporaryDirectory();
    await restoreSqlite(path, told(records));
    const store = await openStore({ url: '', dataDir: path, clock: testClock() });
    expect(contents(await recordsOf(store))).toEqual(contents(records));
    await goesOn(store);
    await store.close();
    discard();
  });

  test('is as of its beginning, whatever is written while it is read', async () => {
    const { store } = subject();
    const before = await recordsOf(store);
    const during: StoreRecord[] = [];
    for await (const record of store.dump()) {
      if (during.length === 1) await store.settings.set('written-meanwhile', true);
      during.push(record);
    }
    expect(contents(during)).toEqual(contents(before));
  });
});

describePostgresql('restoring a backup', (prepare) => {
  const restoring = { node: 'node-a', version: '0.0.0-test', host: 'here', force: false };

  test('from SQLite gives PostgreSQL the same rows; once there are some it refuses, and fails without a trace', async () => {
    const { path, discard } = temporaryDirectory();
    const origin = await openStore({ url: '', dataDir: path, clock: testClock() });
    await fill(origin);
    const records = await recordsOf(origin);
    await origin.close();
    const place = await prepare();
    await restorePostgresql({ ...restoring, url: place.url }, told(records));
    const store = await openStore({ ...place, clock: testClock() });
    expect(contents(await recordsOf(store))).toEqual(contents(records));

    const into = { ...restoring, url: place.url };
    await expect(restorePostgresql(into, told(records))).rejects.toMatchObject({ code: 'not-empty' });
    const cut = records.slice(0, -1);
    await expect(restorePostgresql({ ...into, force: true }, told(cut))).rejects.toMatchObject({
      code: 'damaged',
    });
    expect(contents(await recordsOf(store))).toEqual(contents(records));
    await goesOn(store);
    await store.close();
    await place.discard();
    discard();
  });

  test('while a server holds its place there is refused, whatever is forced', async () => {
    const place = await prepare();
    await migrate(place);
    const operator = new pg.Client({ connectionString: place.url });
    await operator.connect();
    await operator.query(
      `INSERT INTO nodes VALUES ('living', 1, 'h', clock_timestamp() + interval '1 hour', now(), '0', 'there')`,
    );
    const refused = restorePostgresql({ ...restoring, url: place.url, force: true }, told([]));
    await expect(refused).rejects.toMatchObject({ code: 'in-use' });
    await operator.end();
    await place.discard();
  });

  test('knows every table and function of the schema', async () => {
    const place = await prepare();
    await migrate(place);
    const operator = new pg.Client({ connectionString: place.url });
    await operator.connect();
    const names = async (sql: string): Promise<string[]> =>
      (await operator.query<{ name: string }>(sql)).rows.map(({ name }) => name).toSorted();
    expect(await names(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`)).toEqual(
      [...KEPT_TABLES, ...LEFT_OUT_TABLES].toSorted(),
    );
    const ours = `SELECT proname AS name FROM pg_proc p
      WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')`;
    expect(await names(ours)).toEqual([...POSTGRESQL_FUNCTIONS].toSorted());
    await operator.end();
    await place.discard();
  });
});

test('every table of SQLite is kept, or left out on purpose', async () => {
  const { path, discard } = temporaryDirectory();
  await migrate({ url: '', dataDir: path });
  const database = new Database(join(path, 'main.db'));
  const rows = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
  const names = (rows as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('sqlite_') && !name.startsWith('unauthorized_search_'));
  database.close();
  const known: readonly string[] = [...KEPT_TABLES, ...LEFT_OUT_TABLES];
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
  expect(KEPT_TABLES.filter((name) => !names.includes(name))).toEqual([]);
  discard();
});

const OLD: readonly StoreRecord[] = [
  { kind: 'schema', store: 'postgresql', migrations: ['20261122000000_init'] },
  {
    kind: 'table',
    name: 'users',
    columns: ['id', 'email', 'name', 'role', 'enabled', 'password_hash', 'created_at'],
  },
  { kind: 'rows', rows: [['u1', 'old@example.org', 'Old', 'owner', true, 'h', 1]] },
  { kind: 'table-end', rows: 1, numbered: null },
];

test('an older backup is brought up to this schema', async () => {
  const { path, discard } = temporaryDirectory();
  await restoreSqlite(path, told(OLD));
  const store = await openStore({ url: '', dataDir: path, clock: testClock() });
  expect(await store.users.findForLogin('old@example.org')).toMatchObject({
    user: { name: 'Old', totp: false },
  });
  await store.close();
  discard();
});

test.each([
  ['a newer schema', [{ kind: 'schema', store: 'sqlite', migrations: ['29990101000000_later'] }], 'newer'],
  ['a table without its end', OLD.slice(0, -1), 'damaged'],
  ['fewer rows than it says', OLD.toSpliced(2, 1), 'damaged'],
  [
    'a table that is none of ours',
    OLD.with(1, { kind: 'table', name: 'x"; --', columns: ['id'] }),
    'damaged',
  ],
  ['no schema', [], 'damaged'],
] as const)('a backup with %s is refused', async (_, records: readonly StoreRecord[], code) => {
  const { path, discard } = temporaryDirectory();
  await expect(restoreSqlite(path, told(records))).rejects.toMatchObject({ code });
  discard();
});
