import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { StoreOpenError } from '@gatehouse/ports';
import type { Session } from '../database.ts';
import { PrismaClient } from '../generated/postgresql/client.ts';
import type { Prisma, PrismaClient as NarrowClient } from '../generated/sqlite/client.ts';
import {
  applyMigrations,
  inspected,
  migrationFailed,
  pendingMigrations,
  readMigrations,
  type Inspection,
  type MigrationTarget,
} from '../migrations.ts';
import { runQueryHere } from '../queries/catalogue.ts';
import type { OpenDatabase } from '../sqlite/database.ts';
import type { Row, SqlRunner, SqlValue } from '../sql.ts';
import { ADVISORY_LOCK } from '../unauthorized/generations.ts';
import { createWriteQueue } from '../write-queue.ts';

const CONNECTIONS_MAX = 8;
const CONNECT_TIMEOUT_MS = 5_000;
/** A transaction that takes longer is rolled back. */
const TRANSACTION_TIMEOUT_MS = 120_000;
const TRANSACTION_WAIT_MS = 10_000;

/** The database of several nodes. @throws StoreOpenError */
export async function openPostgresql(url: string): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types,
  });
  // Idle connections that break are replaced; the next query reports what is wrong.
  pool.on('error', () => undefined);
  let applied: readonly string[];
  try {
    applied = await migrateOver(pool);
  } catch (error) {
    await pool.end();
    throw openError(error);
  }
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  // The two generated clients differ in types only where this code does not go (see `Session`).
  const narrow = prisma as NarrowClient;
  const session: Session = { prisma: narrow, sql: poolRunner(pool) };
  const queue = createWriteQueue();
  return {
    dialect: 'postgresql',
    applied,
    read: (work) => work(session),
    write: (work) =>
      queue.run(() =>
        narrow.$transaction((tx) => work({ prisma: tx, sql: transactionRunner(tx) }), {
          timeout: TRANSACTION_TIMEOUT_MS,
          maxWait: TRANSACTION_WAIT_MS,
        }),
      ),
    query: (name, args) => runQueryHere(session.sql, name, args),
    close: async () => {
      await queue.idle();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

const { INT8, NUMERIC } = pg.types.builtins;

/** Counts and times fit a number; everything else as the driver reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): ((value: string) => unknown) =>
    oid === INT8 || oid === NUMERIC
      ? Number
      : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
};

function poolRunner(pool: pg.Pool): SqlRunner {
  return {
    dialect: 'postgresql',
    all: async (sql, values = []) => (await pool.query<Row>(numbered(sql), [...values])).rows,
    run: async (sql, values = []) => (await pool.query(numbered(sql), [...values])).rowCount ?? 0,
  };
}

/** Statements inside a transaction go through Prisma, which holds its connection. */
function transactionRunner(tx: Prisma.TransactionClient): SqlRunner {
  return {
    dialect: 'postgresql',
    all: (sql, values = []) => tx.$queryRawUnsafe<Row[]>(numbered(sql), ...values),
    run: (sql, values = []) => tx.$executeRawUnsafe(numbered(sql), ...values),
  };
}

const NUMBERED_MAX = 1_000;
const numberedCache = new Map<string, string>();

/** `?` as PostgreSQL writes it: `$1`, `$2`, … (no text of ours contains a question mark). */
function numbered(sql: string): string {
  const known = numberedCache.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const made = sql.replaceAll('?', () => `$${String(++count)}`);
  if (numberedCache.size >= NUMBERED_MAX) numberedCache.clear();
  numberedCache.set(sql, made);
  return made;
}

/** What opening would do, without doing it. @throws StoreOpenError */
export async function inspectPostgresql(url: string): Promise<Inspection> {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    return await withClient(pool, async (client) =>
      inspected(target(client), await pendingMigrations(target(client), readMigrations('postgresql'))),
    );
  } catch (error) {
    throw openError(error);
  } finally {
    await pool.end();
  }
}

const migrateOver = (pool: pg.Pool): Promise<readonly string[]> =>
  withClient(pool, (client) => applyMigrations(target(client), readMigrations('postgresql')));

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

function target(client: pg.PoolClient): MigrationTarget {
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
    hasTable: async (name) =>
      (
        await all('SELECT 1 AS found FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?', [
          name,
        ])
      ).length > 0,
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
async function rollBack(client: pg.PoolClient): Promise<void> {
  await client.query('ROLLBACK').catch(() => undefined);
}

function openError(error: unknown): unknown {
  if (error instanceof StoreOpenError) return error;
  // The driver's words name host, port and database, never the password.
  return new StoreOpenError('unreachable', `PostgreSQL cannot be used: ${messageOf(error)}`, {
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
