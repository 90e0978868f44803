import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Session } from '../database.ts';
import { PrismaClient } from '../generated/postgresql/client.ts';
import type { Prisma, PrismaClient as NarrowClient } from '../generated/sqlite/client.ts';
import { runQueryHere } from '../queries/catalogue.ts';
import type { OpenDatabase } from '../sqlite/database.ts';
import type { Row, SqlRunner } from '../sql.ts';
import { createWriteQueue } from '../write-queue.ts';
import { createChangeFeed } from './change-feed.ts';
import { dumpPostgresql } from './dump.ts';
import { CONNECT_TIMEOUT_MS, migrateOver, openError } from './migrate.ts';
import { numbered } from './numbered.ts';

const CONNECTIONS_MAX = 8;
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
  const origin = randomUUID();
  return {
    dialect: 'postgresql',
    applied,
    changeFeed: createChangeFeed(session.sql, origin),
    read: (work) => work(session),
    write: (work) =>
      queue.run(() =>
        narrow.$transaction(
          async (tx) => {
            const sql = transactionRunner(tx);
            // For the triggers of `change_log`: what is changed here is in force here.
            await sql.all("SELECT set_config('gatehouse.origin', ?, true)", [origin]);
            return work({ prisma: tx, sql });
          },
          { timeout: TRANSACTION_TIMEOUT_MS, maxWait: TRANSACTION_WAIT_MS },
        ),
      ),
    query: (name, args) => runQueryHere(session.sql, name, args),
    dump: () => dumpPostgresql(pool),
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
