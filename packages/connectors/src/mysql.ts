import { connect, type Socket } from 'node:net';
import type { BackendFault } from '@gatehouse/auth-core';
import type { createPool, Pool, PoolConnection, PoolOptions } from 'mysql2/promise';
import { driver } from './driver.ts';
import type { SourceAddress, SourceBackend, SourceConnection } from './source-backend.ts';
import { TOO_LATE, within } from './source-deadline.ts';
import { badResult, errorCodeOf, unreachable } from './source-errors.ts';
import { createSqlLookup, probeSql, type RunSql, type SqlAnswer, type SqlQueries } from './source-sql.ts';

export interface MysqlOptions extends SourceConnection, SqlQueries {
  readonly address: SourceAddress;
  readonly database: string;
}

interface Driver {
  readonly createPool: typeof createPool;
}

/** The driver takes 15 MiB of each thread that loads it: only a thread that asks MySQL does. */
const mysql = driver('mysql2/promise') as () => Driver;

/** Rows that the server sends at most, whatever a statement without a limit would find. */
const SELECT_LIMIT = 1_001;
/** Milliseconds that the server's own time limit has before the connection is cut. */
const GRACE_MS = 200;
const STATEMENTS_CACHED_MAX = 16;
const MS_PER_S = 1_000;

/** Errors by which MariaDB (1969) and MySQL (3024) say that they stopped a statement for its time; 1317: interrupted. */
const STOPPED_ERRNOS: ReadonlySet<unknown> = new Set([1969, 3024, 1317]);
/** MySQL 8: a text that the column's character set cannot hold. */
const UNFIT_ERRNO = 3988;

/**
 * The lookups over MySQL 8 and MariaDB (reference/emqx.md §1.3). Statements are prepared on the server; the pool
 * connects again by itself. Opens nothing before the first question.
 */
export function createMysqlBackend(options: MysqlOptions): SourceBackend {
  const sockets = new Set<Socket>();
  const pool = mysql().createPool(poolOptions(options, sockets));
  pool.pool.on('connection', (connection) => {
    for (const sql of sessionLimits(options.queryTimeoutMs)) {
      // One of MySQL and MariaDB does not know the other's name for it.
      connection.query(sql, () => undefined);
    }
  });
  const use = { active: 0, waiting: 0 };
  const run = runner(pool, options, use);
  return {
    ...createSqlLookup(options, 'mysql', run),
    probe: () => probeSql(run),
    pool: () => ({
      open: sockets.size,
      idle: Math.max(0, sockets.size - use.active),
      waiting: use.waiting,
      max: options.poolSize,
    }),
    close: async () => {
      await pool.end().catch(() => undefined);
      for (const socket of sockets) socket.destroy();
    },
  };
}

const sessionLimits = (queryTimeoutMs: number): readonly string[] => [
  `set session sql_select_limit = ${String(SELECT_LIMIT)}`,
  `set session max_statement_time = ${String(queryTimeoutMs / MS_PER_S)}`,
  `set session max_execution_time = ${String(queryTimeoutMs)}`,
];

function poolOptions(options: MysqlOptions, sockets: Set<Socket>): PoolOptions {
  const { address, tls, username, password } = options;
  return {
    // What a certificate must name; the connection itself is made below.
    host: tls?.serverName ?? address.host,
    port: address.port,
    stream: () => {
      const socket = connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
      sockets.add(socket);
      return socket.once('close', () => sockets.delete(socket));
    },
    user: username,
    password: password.reveal(),
    database: options.database,
    connectTimeout: options.connectTimeoutMs,
    connectionLimit: options.poolSize,
    maxPreparedStatements: STATEMENTS_CACHED_MAX,
    dateStrings: true,
    supportBigNumbers: true,
    ...(tls && {
      ssl: {
        rejectUnauthorized: tls.verify,
        verifyIdentity: tls.verify,
        ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        ...(tls.cert === undefined ? {} : { cert: tls.cert }),
        ...(tls.key === undefined ? {} : { key: tls.key.reveal() }),
      },
    }),
  };
}

interface Use {
  active: number;
  waiting: number;
}

function runner(pool: Pool, options: MysqlOptions, use: Use): RunSql {
  return async ({ text }, values, rowsMax) => {
    const connection = await acquire(pool, options, use);
    if ('result' in connection) return connection;
    use.active += 1;
    try {
      const answer = await within(connection.execute(text, [...values]), options.queryTimeoutMs + GRACE_MS);
      if (answer === TOO_LATE) {
        connection.destroy();
        return { result: 'timeout', ms: options.queryTimeoutMs };
      }
      connection.release();
      return rowsOf(answer, rowsMax);
    } catch (error) {
      const fault = faultOf(error, options.queryTimeoutMs);
      // A refused statement leaves the connection as it was.
      if (fault.result === 'unreachable') connection.destroy();
      else connection.release();
      return fault;
    } finally {
      use.active -= 1;
    }
  };
}

/** A connection of the pool; who waits in vain gives back what comes later. */
async function acquire(
  pool: Pool,
  { connectTimeoutMs, queryTimeoutMs, poolSize }: MysqlOptions,
  use: Use,
): Promise<PoolConnection | BackendFault> {
  const isFull = use.active >= poolSize;
  const ms = Math.max(connectTimeoutMs, queryTimeoutMs) + GRACE_MS;
  use.waiting += 1;
  try {
    const connection = await within(pool.getConnection(), ms, (late) => {
      late.release();
    });
    if (connection !== TOO_LATE) return connection;
    return isFull ? { result: 'timeout', ms } : { result: 'unreachable', problem: 'ETIMEDOUT' };
  } catch (error) {
    return unreachable(error);
  } finally {
    use.waiting -= 1;
  }
}

function rowsOf([rows, fields]: readonly [unknown, unknown], rowsMax: number): SqlAnswer {
  if (!Array.isArray(rows) || !Array.isArray(fields) || Array.isArray(rows[0])) {
    return badResult('the statement gives no table of rows');
  }
  const columns = fields.map((field: unknown) => nameOf(field).toLowerCase());
  return {
    result: 'rows',
    columns,
    rows: rows.slice(0, rowsMax).map((row: unknown) => lowerCased(row)),
    more: rows.length > rowsMax,
  };
}

const nameOf = (field: unknown): string =>
  typeof field === 'object' && field !== null && 'name' in field ? String(field.name) : '';

const lowerCased = (row: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [name.toLowerCase(), value as unknown]),
  );

/** The server refused the statement, stopped it, or was lost. */
function faultOf(error: unknown, timeoutMs: number): SqlAnswer {
  const code = errorCodeOf(error);
  const { errno, fatal, sqlState } = (typeof error === 'object' ? error : {}) as {
    readonly errno?: unknown;
    readonly fatal?: unknown;
    readonly sqlState?: unknown;
  };
  if (STOPPED_ERRNOS.has(errno)) return { result: 'timeout', ms: timeoutMs };
  if (errno === UNFIT_ERRNO) return { result: 'unfit-value' };
  if (fatal === true || typeof sqlState !== 'string') return unreachable(error);
  return badResult(`the database refused the statement: ${code}`);
}
