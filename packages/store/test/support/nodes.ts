import type {
  ClusterStore,
  NodePlace,
  SharedJournalStore,
  SharedPart,
  StoreOpenError,
} from '@gatehouse/ports';
import pg from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { migrate } from '../../src/open.ts';
import { takePlace, type PlaceOptions } from '../../src/postgresql/node/place.ts';
import { segment } from './journals.ts';
import type { Place } from './stores.ts';

/** Longer than any test takes: what ends before is made to. */
const LEASE_MS = 60_000;
/** For tests that wait for what comes of it. */
export const SHORT_LEASE_MS = 1_500;

/** A node among others. */
export interface TestNode {
  readonly name: string;
  readonly place: NodePlace;
  readonly journal: SharedJournalStore;
  readonly cluster: ClusterStore;
  readonly fenced: readonly StoreOpenError[];
  /** Commits the next batch. */
  commit(part: Partial<SharedPart>): ReturnType<SharedJournalStore['commit']>;
  /** What waits in its inbox, as text. */
  inbox(): Promise<readonly string[]>;
  /** As a server that is killed: it renews no more, and gives nothing back. */
  kill(): Promise<void>;
}

/** A database for each test, and the nodes on it. */
export interface TestCluster {
  url(): string;
  operator(): pg.Client;
  node(name: string, of?: Partial<PlaceOptions>): Promise<TestNode>;
  /** How many connections of this name are open. */
  open(application: string): Promise<number>;
  /** How many of them wait for a lock. */
  waiting(application: string): Promise<number>;
  /** Breaks all connections of this name. */
  cut(application: string): Promise<void>;
}

/** What it does not say it does not do. */
export const sharedPart = (some: Partial<SharedPart>): SharedPart => ({
  matchedAt: undefined,
  listens: [],
  unlistens: [],
  mail: [],
  taken: [],
  released: [],
  transfers: [],
  retained: [],
  inherits: undefined,
  ...some,
});

/** Filters that nobody shares. */
export const filters = (...names: readonly string[]): SharedPart['listens'] =>
  names.map((filter) => ({ filter, group: '' }));

/** What nodes leave behind. */
const EMPTY = `
  TRUNCATE nodes, journal_segments, node_heirs, node_interest, node_mail, client_claims, retained_messages RESTART IDENTITY;
  UPDATE cluster SET epoch = 0`;

/** One database for all tests of a suite, as empty for each as for the first. */
export function testCluster(prepare: () => Promise<Place>): TestCluster {
  let database: Place | undefined;
  let operator: pg.Client | undefined;
  let opened: (() => Promise<void>)[] = [];
  const there = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('there is no database');
    return thing;
  };

  const connections = async (application: string, and: string): Promise<number> =>
    (
      await there(operator).query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 ${and}`,
        [application],
      )
    ).rows.length;

  beforeAll(async () => {
    database = await prepare();
    await migrate(database);
    operator = new pg.Client({ connectionString: database.url });
    await operator.connect();
  });
  afterEach(async () => {
    for (const close of opened.toReversed()) await close();
    opened = [];
    await there(operator).query(EMPTY);
  });
  afterAll(async () => {
    await there(operator).end();
    await there(database).discard();
  });

  return {
    url: () => there(database).url,
    operator: () => there(operator),
    open: (application) => connections(application, ''),
    waiting: (application) => connections(application, "AND wait_event_type = 'Lock'"),
    cut: async (application) => {
      await there(operator).query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
        [application],
      );
    },
    node: async (name, of = {}) => {
      const fenced: StoreOpenError[] = [];
      const place = await takePlace({
        url: there(database).url,
        node: name,
        holder: `holder of ${name}`,
        version: '1.0.0',
        host: `machine of ${name}`,
        several: true,
        leaseMs: LEASE_MS,
        onFenced: (error) => fenced.push(error),
        onTrouble: () => undefined,
        ...of,
      });
      const journal = await place.openSharedJournal();
      const cluster = await place.cluster();
      let isOpen = true;
      const close = async (): Promise<void> => {
        if (!isOpen) return;
        isOpen = false;
        await journal.close();
        await place.leave();
      };
      opened.push(close);
      let number = 0;
      return {
        name,
        place,
        journal,
        cluster,
        fenced,
        commit: (some) => journal.commit(segment((number += 1)), sharedPart(some)),
        inbox: async () => (await journal.letters([])).map(({ bytes }) => bytes.toString()),
        kill: async () => {
          await close();
          await there(operator).query('UPDATE nodes SET lease_until = clock_timestamp() WHERE node_id = $1', [
            name,
          ]);
        },
      };
    },
  };
}
