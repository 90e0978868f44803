import type pg from 'pg';

/** A connection with a transaction on it. */
export interface OpenTransaction {
  readonly client: pg.PoolClient;
  commit(): Promise<void>;
  /** Throws the connection away with what was begun on it. */
  discard(): void;
}

/** `settings`: statements of the transaction's own. */
export async function begin(pool: pg.Pool, settings = ''): Promise<OpenTransaction> {
  const client = await pool.connect();
  // The statement under way tells that the connection broke; without a listener the process would end.
  const broken = (): void => undefined;
  client.on('error', broken);
  const discard = (): void => {
    client.release(true);
  };
  try {
    await client.query(`BEGIN; ${settings}`);
  } catch (error) {
    discard();
    throw error;
  }
  return {
    client,
    commit: async () => {
      await client.query('COMMIT');
      client.off('error', broken);
      client.release();
    },
    discard,
  };
}

export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const opened = await begin(pool);
  try {
    const result = await work(opened.client);
    await opened.commit();
    return result;
  } catch (error) {
    opened.discard();
    throw error;
  }
}
