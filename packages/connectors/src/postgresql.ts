import type { BackendFault } from '@gatehouse/auth-core';
import type pg from 'pg';
import { driver } from './driver.ts';
import {
  type SourceAddress,
  type SourceBackend,
  type SourceConnection,
  tlsOptionsOf,
} from './source-backend.ts';
import { TOO_LATE, within } from './source-deadline.ts';
import { badResult, errorCodeOf, unreachable } from './source-errors.ts';
import { createSqlLookup, probeSql, type RunSql, type SqlAnswer, type SqlQueries } from './source-sql.ts';

export interface PostgresqlOptions extends SourceConnection, SqlQueries {
  readonly address: SourceAddress;
  readonly database: string;
}

const postgres = driver('pg') as () => typeof pg;

/** Milliseconds that the server's own time limit has before the connection is cut. */
const GRACE_MS = 200;
const IDLE_MS_MAX = 60_000;

const SQLSTATE = /^[0-9A-Z]{5}$/;
const STOPPED = '57014';
/** A value that a column's type cannot hold: text, number, date, encoding. */
const UNFIT = new Set(['22P02', '22003', '22007', '22008', '22021', '22P05']);
/** Connection exceptions, shutdown, no places left, an account that is not let in, a database that is not there. */
const AWAY = /^(?:08|57P|53|28|3D000)/;

/**
 * The lookups over PostgreSQL (reference/emqx.md §1.4); columns go by name, as everywhere here. Opens nothing before
 * the first question.
 */
export function createPostgresqlBackend(options: PostgresqlOptions): SourceBackend {
  const { address, tls } = options;
  const pool = new (postgres().Pool)({
    host: address.host,
    port: address.port,
    user: options.username,
    password: options.password.reveal(),
    database: options.database,
    max: options.poolSize,
    connectionTimeoutMillis: Math.max(options.connectTimeoutMs, options.queryTimeoutMs),
    idleTimeoutMillis: IDLE_MS_MAX,
    keepAlive: true,
    application_name: 'gatehouse',
    ssl: tls === undefined ? false : tlsOptionsOf(tls, address.host),
  });
  // A connection that breaks while nobody uses it: the pool makes another when one is asked for.
  pool.on('error', () => undefined);
  const run = runner(pool, options);
  return {
    ...createSqlLookup(options, 'postgresql', run),
    probe: () => probeSql(run),
    pool: () => ({
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: options.poolSize,
    }),
    close: () => pool.end().catch(() => undefined),
  };
}

function runner(pool: pg.Pool, options: PostgresqlOptions): RunSql {
  /** Connections whose time limit has been set. */
  const prepared = new WeakSet<pg.PoolClient>();
  return async ({ text }, values, rowsMax) => {
    const client = await acquire(pool, options);
    if ('result' in client) return client;
    const ask = async (): Promise<SqlAnswer> => {
      if (!prepared.has(client)) {
        await client.query(`set statement_timeout = ${String(options.queryTimeoutMs)}`);
        prepared.add(client);
      }
      return stream(client, text, values, rowsMax);
    };
    // One that breaks says so to its statement, and again to whoever listens to it.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    const answer = await within(ask(), options.queryTimeoutMs + GRACE_MS).catch((error: unknown) =>
      faultOf(error, options.queryTimeoutMs),
    );
    client.removeListener('error', ignore);
    if (answer === TOO_LATE) {
      client.on('error', ignore);
      client.release(true);
      return { result: 'timeout', ms: options.queryTimeoutMs };
    }
    // What is cut in the middle of its rows would go on sending them.
    client.release(answer.result === 'unreachable' || (answer.result === 'rows' && answer.more));
    return answer;
  };
}

async function acquire(pool: pg.Pool, options: PostgresqlOptions): Promise<pg.PoolClient | BackendFault> {
  const isFull = pool.totalCount >= options.poolSize && pool.idleCount === 0;
  try {
    return await pool.connect();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('timeout')) return unreachable(error);
    return isFull
      ? { result: 'timeout', ms: Math.max(options.connectTimeoutMs, options.queryTimeoutMs) }
      : { result: 'unreachable', problem: 'ETIMEDOUT' };
  }
}

/** Takes the rows as they come, and no more of them than are wanted. */
function stream(
  client: pg.PoolClient,
  text: string,
  values: readonly (string | null)[],
  rowsMax: number,
): Promise<SqlAnswer> {
  return new Promise((resolve, reject) => {
    const rows: Readonly<Record<string, unknown>>[] = [];
    const query = client.query(new (postgres().Query)({ text, values: [...values] }));
    query.on('row', (row: Readonly<Record<string, unknown>>, result) => {
      if (rows.length < rowsMax) rows.push(row);
      else resolve({ result: 'rows', columns: columnsOf(result), rows, more: true });
    });
    query.on('error', reject);
    query.on('end', (result) => {
      const columns = columnsOf(result);
      if (columns.length === 0) resolve(badResult('the statement gives no table of rows'));
      else resolve({ result: 'rows', columns, rows, more: false });
    });
  });
}

const columnsOf = (result: { readonly fields?: readonly { readonly name: string }[] } | undefined) =>
  (result?.fields ?? []).map(({ name }) => name);

/** The server refused the statement, stopped it, or was lost. */
function faultOf(error: unknown, timeoutMs: number): SqlAnswer {
  const code = errorCodeOf(error);
  if (code === STOPPED) return { result: 'timeout', ms: timeoutMs };
  if (UNFIT.has(code)) return { result: 'unfit-value' };
  if (!SQLSTATE.test(code) || AWAY.test(code)) return unreachable(error);
  return badResult(`the database refused the statement: SQLSTATE ${code}`);
}
