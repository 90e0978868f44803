import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, test } from 'vitest';
import { applyMigrations, readMigrations } from '../src/migrations.ts';
import { migrate } from '../src/open.ts';
import { ADVISORY_LOCK } from '../src/postgresql/advisory-lock.ts';
import { postgresqlTarget } from '../src/postgresql/migrate.ts';
import { describePostgresql } from './support/stores.ts';

const WAITING =
  "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'";

const MIGRATOR = fileURLToPath(new URL('support/migrator.mjs', import.meta.url));
/** The first with which several nodes run on one database: from here on those of one version and the next do. */
const FIRST_OF_SEVERAL = '20261123200000_nodes';
/** What a server relies on that was made for the schema before: columns as they are, and what rows have to fulfil. */
const COLUMNS = `SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
  WHERE table_schema = current_schema()`;
const RULES = `SELECT conrelid::regclass::text AS table_name, pg_get_constraintdef(oid) AS rule FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace
  UNION SELECT indrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid WHERE indisunique AND relnamespace = current_schema()::regnamespace`;

interface Column {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly is_nullable: string;
  readonly column_default: string | null;
}

interface Rule {
  readonly table_name: string;
  readonly rule: string;
}

describePostgresql('a migration', (prepare) => {
  const operatorOf = async (url: string): Promise<pg.Client> => {
    const operator = new pg.Client({ connectionString: url });
    await operator.connect();
    return operator;
  };

  test('whose server is killed between two of its statements is as if never begun, and is resumed by the next start', async () => {
    const place = await prepare();
    const operator = await operatorOf(place.url);
    const all = readMigrations('postgresql');
    const at = all.findIndex(({ name }) => name.endsWith('_change_log'));
    await applyMigrations(postgresqlTarget(operator), all.slice(0, at));
    const holder = await operatorOf(place.url);
    await holder.query('BEGIN');
    // Its last statement is about this table: the ones before are done when it waits.
    await holder.query('LOCK TABLE certificates IN ACCESS EXCLUSIVE MODE');
    const killed = spawn(process.execPath, [MIGRATOR, place.url], { stdio: 'ignore' });
    const others = async (): Promise<readonly (string | null)[]> =>
      (
        await operator.query<{ waits: string | null }>(
          `SELECT wait_event_type AS waits FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
        )
      ).rows.map(({ waits }) => waits);
    await expect.poll(others, { timeout: 15_000 }).toContain('Lock');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await holder.end();
    await expect.poll(others, { timeout: 15_000 }).toEqual([]);
    expect(await postgresqlTarget(operator).tables()).not.toContain('change_log');
    expect(await migrate(place)).toEqual(all.slice(at).map(({ name }) => name));
    expect(await migrate(place)).toEqual([]);
    await operator.end();
    await place.discard();
  });

  test('leaves a server of the version before working beside it: what is there stays as it is, what is new may be left out', async () => {
    const place = await prepare();
    const operator = await operatorOf(place.url);
    const target = postgresqlTarget(operator);
    const all = readMigrations('postgresql');
    const from = all.findIndex(({ name }) => name === FIRST_OF_SEVERAL) + 1;
    const columns = async () => (await operator.query<Column>(COLUMNS)).rows;
    const rules = async () => (await operator.query<Rule>(RULES)).rows;
    await applyMigrations(target, all.slice(0, from));
    for (let count = from + 1; count <= all.length; count += 1) {
      const [columnsBefore, rulesBefore, tables] = [await columns(), await rules(), await target.tables()];
      const [name] = await applyMigrations(target, all.slice(0, count));
      const [columnsAfter, rulesAfter] = [await columns(), await rules()];
      expect(columnsAfter, `${name} takes or changes a column`).toEqual(
        expect.arrayContaining(columnsBefore),
      );
      const demanded = columnsAfter.filter(
        (column) =>
          tables.includes(column.table_name) &&
          !columnsBefore.some(
            (one) => one.table_name === column.table_name && one.column_name === column.column_name,
          ) &&
          column.is_nullable === 'NO' &&
          column.column_default === null,
      );
      expect(demanded, `${name} demands what the version before does not write`).toEqual([]);
      const stricter = rulesAfter.filter(
        ({ table_name: table, rule }) =>
          tables.includes(table) && !rulesBefore.some((one) => one.table_name === table && one.rule === rule),
      );
      expect(stricter, `${name} refuses what the version before writes`).toEqual([]);
    }
    await operator.end();
    await place.discard();
  });

  test.each([
    ['that other programs filled', 'CREATE TABLE orders (id INTEGER)', 'orders'],
    [
      'with the migrations of another program',
      `CREATE TABLE _prisma_migrations (migration_name TEXT, checksum TEXT, finished_at TIMESTAMPTZ, rolled_back_at TIMESTAMPTZ);
       INSERT INTO _prisma_migrations VALUES ('20200101000000_init', 'x', now()); CREATE TABLE shop (id INTEGER)`,
      'shop',
    ],
  ])(
    'of a database %s is refused, with the names of its tables, and nothing is put beside them',
    async (_, made, named) => {
      const place = await prepare();
      const operator = await operatorOf(place.url);
      await operator.query(made);
      const before = await postgresqlTarget(operator).tables();
      await expect(migrate(place)).rejects.toMatchObject({
        code: 'foreign',
        message: `The database belongs to another program (its tables: ${named}). Nothing was changed. Give Gatehouse a database of its own.`,
      });
      expect(await postgresqlTarget(operator).tables()).toEqual(before);
      await operator.end();
      await place.discard();
    },
  );

  test('whose connection is cut tells that it was, not that rolling back failed', async () => {
    const place = await prepare();
    const operator = new pg.Client({ connectionString: place.url });
    await operator.connect();
    await operator.query(`SELECT pg_advisory_lock(${ADVISORY_LOCK.migrations})`);
    const told = migrate(place).catch((error: unknown) => String(error));
    const waiting = async () => (await operator.query<{ pid: number }>(WAITING)).rows[0]?.pid;
    await expect.poll(waiting).toBeDefined();
    await operator.query('SELECT pg_terminate_backend($1)', [await waiting()]);
    expect(await told).toContain('terminating connection due to administrator command');
    await operator.end();
    await place.discard();
  });
});
