import type pg from 'pg';
import type { RetainedLeft } from '@gatehouse/ports';

/** Retained messages that one statement reads, or deletes. */
const ROWS_MAX = 2_000;

export interface RetainedRow {
  readonly key: Buffer;
  readonly topic: string;
  readonly bytes: Buffer | null;
  readonly version: number;
}

/** Every retained message that is there. */
export async function allRetained(pool: pg.Pool): Promise<readonly RetainedRow[]> {
  const all: RetainedRow[] = [];
  for (;;) {
    const { rows } = await pool.query<RetainedRow>(
      `SELECT key, topic, bytes, version FROM retained_messages WHERE bytes IS NOT NULL AND key > $1 ORDER BY key LIMIT $2`,
      [all.at(-1)?.key ?? Buffer.alloc(0), ROWS_MAX],
    );
    all.push(...rows);
    if (rows.length < ROWS_MAX) return all;
  }
}

/** For a node that runs by itself, over the connection of its place. */
export const retainedLeft = (pool: pg.Pool): RetainedLeft => ({
  read: async () => {
    const rows = await allRetained(pool);
    return rows.flatMap(({ topic, bytes }) => (bytes === null ? [] : [{ topic, bytes }]));
  },
  forget: async (topics) => {
    for (let at = 0; at < topics.length; at += ROWS_MAX)
      await pool.query(
        'DELETE FROM retained_messages WHERE key IN (SELECT name_key(t) FROM unnest($1::text[]) t)',
        [topics.slice(at, at + ROWS_MAX)],
      );
    // What was taken away of late nobody has to hear of any more.
    await pool.query('DELETE FROM retained_messages WHERE bytes IS NULL');
  },
});
