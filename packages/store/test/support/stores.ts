import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Store } from '@gatehouse/ports';
import pg from 'pg';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openStore } from '../../src/open.ts';

const POSTGRES_URL = process.env['GATEHOUSE_TEST_POSTGRES_URL'];

/** A clock that stands still until it is set. */
export interface TestClock extends Clock {
  set(now: number): void;
}

export function testClock(now = 1_790_000_000_000): TestClock {
  let time = now;
  return {
    now: () => time,
    monotonic: () => time,
    after: () => () => undefined,
    set: (value) => {
      time = value;
    },
  };
}

/** An empty store of a dialect that a suite runs against. */
export interface Subject {
  readonly store: Store;
  readonly clock: TestClock;
  /** Closes the store and opens it again on the same data. */
  readonly reopen: () => Promise<Store>;
}

/** Where a store is, until it is thrown away. */
export interface Place {
  readonly url: string;
  readonly dataDir: string;
  discard(): Promise<void>;
}

/** A directory of its own that goes when the test does. */
export function temporaryDirectory(): { readonly path: string; readonly discard: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-store-'));
  return {
    path,
    discard: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function sqlitePlace(): Promise<Place> {
  const { path, discard } = temporaryDirectory();
  return Promise.resolve({
    url: '',
    dataDir: path,
    discard: () => {
      discard();
      return Promise.resolve();
    },
  });
}

async function postgresqlPlace(serverUrl: string): Promise<Place> {
  const name = `gatehouse_test_${randomBytes(6).toString('hex')}`;
  await administer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    dataDir: '',
    discard: () => administer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * The same suite against both databases. Without `GATEHOUSE_TEST_POSTGRES_URL` the PostgreSQL half is a visible skip,
 * and a failure where `CI` is set.
 */
export function describeStores(title: string, suite: (subject: () => Subject) => void): void {
  describe(`${title} (SQLite)`, () => {
    suite(subject(sqlitePlace));
  });
  describePostgresql(title, (prepare) => {
    suite(subject(prepare));
  });
}

/** A suite against a real PostgreSQL alone; skipped, or failing, as `describeStores` says. */
export function describePostgresql(title: string, suite: (prepare: () => Promise<Place>) => void): void {
  if (POSTGRES_URL !== undefined && POSTGRES_URL !== '') {
    describe(`${title} (PostgreSQL)`, () => {
      suite(() => postgresqlPlace(POSTGRES_URL));
    });
    return;
  }
  const missing = `${title} (PostgreSQL): GATEHOUSE_TEST_POSTGRES_URL names no server`;
  if (process.env['CI'] === undefined) test.skip(missing, () => undefined);
  else
    test(missing, () => {
      throw new Error('PostgreSQL is required where CI is set');
    });
}

function subject(prepare: () => Promise<Place>): () => Subject {
  let place: Place | undefined;
  let store: Store | undefined;
  const clock = testClock();
  const opened = (): Store => {
    if (store === undefined) throw new Error('the store is not open');
    return store;
  };
  beforeAll(async () => {
    place = await prepare();
    store = await openStore({ ...place, clock });
  });
  afterAll(async () => {
    await store?.close();
    await place?.discard();
  });
  return () => ({
    store: opened(),
    clock,
    reopen: async () => {
      await opened().close();
      if (place === undefined) throw new Error('there is no place');
      store = await openStore({ ...place, clock });
      return store;
    },
  });
}
