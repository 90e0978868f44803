import type pg from 'pg';
import type { StoreRecord } from '@gatehouse/ports';
import { dumpTables, type Snapshot } from '../backup/dump.ts';
import type { Row } from '../sql.ts';
import { numbered } from './numbered.ts';

/** Rows that are asked for at once. */
const ROWS_MAX = 500;
/** Batches of the journal that are: each may have some MiB. */
const SEGMENTS_MAX = 16;

/** Everything in the database as of now, the journal with it: one transaction that reads and holds up nobody. */
export async function* dumpPostgresql(pool: pg.Pool): AsyncGenerator<StoreRecord> {
  const client = await pool.connect();
  const broken = (): void => undefined;
  client.on('error', broken);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await refuseSeveral(client);
    yield* dumpTables(snapshotOf(client));
    yield* dumpJournal(client);
  } finally {
    client.off('error', broken);
    // Thrown away with its transaction, however far that is.
    client.release(true);
  }
}

/** What several nodes hold is in their journals, their mail and the retained messages together: a backup has room for one journal. */
async function refuseSeveral(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ several: boolean }>(
    `SELECT (SELECT count(DISTINCT node_id) FROM journal_segments) > 1
       OR EXISTS (SELECT 1 FROM node_mail) OR EXISTS (SELECT 1 FROM retained_messages) AS several`,
  );
  if (rows[0]?.several === true)
    throw new Error(
      'several nodes hold what is in this database together: back it up as a whole, with pg_dump, and the secret key beside it',
    );
}

function snapshotOf(client: pg.PoolClient): Snapshot {
  return {
    dialect: 'postgresql',
    all: async (sql, values = []) => (await client.query<Row>(numbered(sql), [...values])).rows,
    rows: (sql) => cursorRows(client, sql, ROWS_MAX),
  };
}

async function* cursorRows(
  client: pg.PoolClient,
  sql: string,
  rowsMax: number,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  await client.query(`DECLARE backup_rows NO SCROLL CURSOR FOR ${sql}`);
  for (;;) {
    const { rows } = await client.query<unknown[]>({
      text: `FETCH ${rowsMax} FROM backup_rows`,
      rowMode: 'array',
    });
    if (rows.length === 0) break;
    yield rows;
  }
  await client.query('CLOSE backup_rows');
}

/** That of the one node that has any, as the next server would inherit it. */
async function* dumpJournal(client: pg.PoolClient): AsyncGenerator<StoreRecord> {
  const segments = cursorRows(
    client,
    `SELECT number, encode(bytes, 'base64') FROM journal_segments
     WHERE node_id = (SELECT node_id FROM journal_segments ORDER BY node_id LIMIT 1) ORDER BY number`,
    SEGMENTS_MAX,
  );
  for await (const rows of segments)
    for (const [number, bytes] of rows)
      yield { kind: 'segment', number: Number(number), bytes: String(bytes) };
}
