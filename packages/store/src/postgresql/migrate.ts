import pg from 'pg';
import { StoreOpenError } from '@gatehouse/ports';
import {
  applyMigrations,
  inspected,
  migrationFailed,
  pendingMigrations,
  readMigrations,
  type Inspection,
  type MigrationTarget,
} from '../migrations.ts';
import { text, type Row, type SqlValue } from '../sql.ts';
import { ADVISORY_LOCK } from './advisory-lock.ts';
import { numbered } from './numbered.ts';

/** Milliseconds until a server that does not answer is given up. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** What opening would do, without doing it. @throws StoreOpenError */
export async function inspectPostgresql(url: string): Promise<Inspection> {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    return await withClient(pool, async (client) =>
      inspected(
        postgresqlTarget(client),
        await pendingMigrations(postgresqlTarget(client), readMigrations('postgresql')),
      ),
    );
  } catch (error) {
    throw openError(error);
  } finally {
    await pool.end();
  }
}

/** Brings the schema up to date; returns the names of what was applied. */
export const migrateOver = (pool: pg.Pool): Promise<readonly string[]> =>
  withClient(pool, (client) => applyMigrations(postgresqlTarget(client), readMigrations('postgresql')));

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const broken = (): void => undefined;
  // The query that is under way tells that the connection broke; without a listener the process would end.
  client.on('error', broken);
  try {
    return await work(client);
  } finally {
    client.off('error', broken);
    client.release();
  }
}

/** Migrations on one connection. */
export function postgresqlTarget(client: pg.ClientBase): MigrationTarget {
  const all = async (sql: string, values: readonly SqlValue[] = []): Promise<Row[]> =>
    (await client.query<Row>(numbered(sql), [...values])).rows;
  return {
    dialect: 'postgresql',
    all,
    run: async (sql, values) => {
      await all(sql, values);
    },
    script: async (sql) => {
      await client.query(sql);
    },
    tables: async () =>
      (
        await all(
          `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
             AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = c.oid AND deptype = 'e')`,
        )
      ).map((row) => text(row, 'name')),
    atomically: async (work) => {
      await client.query('BEGIN');
      try {
        await client.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.migrations})`);
        await work();
        await client.query('COMMIT');
      } catch (error) {
        await rollBack(client);
        throw migrationFailed(error);
      }
    },
  };
}

/** A connection that broke has rolled back already, and asking it to fails as well: what made it fail is told. */
async function rollBack(client: pg.ClientBase): Promise<void> {
  await client.query('ROLLBACK').catch(() => undefined);
}

/** The driver's words, which name host, port and database, never the password. */
export function openError(error: unknown): unknown {
  if (error instanceof StoreOpenError) return error;
  return new StoreOpenError('unreachable', `PostgreSQL cannot be used: ${messageOf(error)}`, {
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
