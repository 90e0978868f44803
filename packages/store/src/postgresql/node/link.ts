import pg from 'pg';
import { CONNECT_TIMEOUT_MS } from '../migrate.ts';

/** Milliseconds until a statement that the database does not answer counts as failed. */
export const STATEMENT_TIMEOUT_MS = 10_000;
/** Milliseconds of silence after which TCP asks whether the other side is there. */
const KEEP_ALIVE_MS = 5_000;

const { INT8 } = pg.types.builtins;

/** Numbers and counts fit a double; everything else as the driver reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): ((value: string) => unknown) =>
    oid === INT8 ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
};

/**
 * One connection for one purpose, made anew when it breaks: what is under way then fails. `options` are settings of its
 * sessions as PostgreSQL's command line has them.
 */
export function openLink(url: string, name: string, options?: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    types,
    ...(options === undefined ? {} : { options }),
  });
  // An idle connection that breaks is replaced; the next statement tells what is wrong.
  pool.on('error', () => undefined);
  return pool;
}
