import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '../src/open.ts';
import { ADVISORY_LOCK } from '../src/postgresql/advisory-lock.ts';
import { describePostgresql } from './support/stores.ts';

const WAITING =
  "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'";

describePostgresql('a migration', (prepare) => {
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
