import type { JournalHealth, JournalStore, NodePlace, StoreOpenError } from '@gatehouse/ports';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from '../src/journal/journal-store.ts';
import { migrate } from '../src/open.ts';
import { moveJournal } from '../src/postgresql/node/move-journal.ts';
import { takePlace, type PlaceOptions } from '../src/postgresql/node/place.ts';
import { everything, journalContract, segment } from './support/journals.ts';
import { describePostgresql, temporaryDirectory, type Place } from './support/stores.ts';

/** Shorter than the servers': some tests wait for it. */
const LEASE_MS = 1_500;

describePostgresql('the journal of a node', (prepare) => {
  let database: Place;
  let operator: pg.Client;
  /** Everything that a test opened, to be closed in turn. */
  let opened: { readonly place: NodePlace; journal?: JournalStore }[];
  let fenced: StoreOpenError[];

  beforeEach(async () => {
    database = await prepare();
    await migrate(database);
    operator = new pg.Client({ connectionString: database.url });
    await operator.connect();
    opened = [];
    fenced = [];
  });
  afterEach(async () => {
    for (const { place, journal } of opened.toReversed()) {
      await journal?.close();
      await place.leave();
    }
    await operator.end();
    await database.discard();
  });

  const take = (of: Partial<PlaceOptions> = {}): Promise<NodePlace> =>
    takePlace({
      url: database.url,
      node: 'gate-1',
      holder: 'first',
      version: '1.0.0',
      host: 'machine-a',
      leaseMs: LEASE_MS,
      onFenced: (error) => fenced.push(error),
      onTrouble: () => undefined,
      ...of,
    });
  const start = async (of: Partial<PlaceOptions> = {}): Promise<JournalStore> => {
    const place = await take(of);
    const journal = await place.openJournal();
    opened.push({ place, journal });
    return journal;
  };
  /** As a server that is killed: it renews no more, and gives nothing back. */
  const endLeases = () => operator.query('UPDATE nodes SET lease_until = clock_timestamp()');
  const backendOf = async (name: string): Promise<number | undefined> =>
    (
      await operator.query<{ pid: number }>(
        'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
        [name],
      )
    ).rows[0]?.pid;

  describe('keeps the contract of journals:', () => {
    let current: JournalStore;
    beforeEach(async () => {
      current = await start();
    });
    journalContract({
      journal: () => current,
      reopen: async () => {
        const last = opened.pop();
        await last?.journal?.close();
        await last?.place.leave();
        current = await start();
      },
    });
  });

  test('nothing is taken from a server whose place another has: it is told, and never acknowledges', async () => {
    const old = await start();
    await old.append(segment(1));
    // The same data directory: after a crash it does not wait for its own lease.
    const next = await start();
    let acknowledged = false;
    const late = old.append(segment(2)).then(() => (acknowledged = true));
    await expect(late).rejects.toThrow(/taken the place/);
    expect(acknowledged).toBe(false);
    expect(fenced.map(({ message }) => message)).toEqual([expect.stringMatching(/gate-1.*node_id/)]);
    expect((await everything(next)).map(({ number }) => number)).toEqual([1]);
    await next.append(segment(2, 20));
    const [, second] = await everything(next);
    expect(second?.bytes.byteLength).toBe(20);
  });

  test('who takes the place reads what was under way: it waits for it', async () => {
    const old = await start();
    await old.append(segment(1));
    await operator.query('BEGIN');
    // As an append that has written and not committed yet.
    await operator.query("SELECT 1 FROM nodes WHERE node_id = 'gate-1' FOR KEY SHARE");
    await operator.query("INSERT INTO journal_segments VALUES ('gate-1', 2, '\\x02')");
    const next = start();
    const waits = async (): Promise<boolean> => {
      const watcher = new pg.Client({ connectionString: database.url });
      await watcher.connect();
      const { rows } = await watcher.query(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'gatehouse lease gate-1' AND wait_event_type = 'Lock'",
      );
      await watcher.end();
      return rows.length > 0;
    };
    await expect.poll(waits).toBe(true);
    await operator.query('COMMIT');
    expect((await everything(await next)).map(({ number }) => number)).toEqual([1, 2]);
  });

  test('a second server with the same node_id is refused while the first renews its lease', async () => {
    await start();
    await expect(take({ holder: 'second' })).rejects.toThrow(
      /machine-a\) runs as node "gate-1" on this database already/,
    );
    expect(fenced).toEqual([]);
  });

  test('a second node is refused while the first lives, unless both say that there are several', async () => {
    await start();
    await expect(take({ node: 'gate-2', holder: 'second' })).rejects.toThrow(
      /runs as node "gate-1".*need a `bus_url`/,
    );
  });

  test('a server that was made anew under another name goes on with the journal of the one before', async () => {
    const journal = await start({ node: 'container-1' });
    await journal.append(segment(1));
    await journal.append(segment(2));
    await endLeases();
    const next = await start({ node: 'container-2', holder: 'second' });
    expect((await everything(next)).map(({ number }) => number)).toEqual([1, 2]);
    // The one before comes back to life: it is fenced, whatever its name is now worth.
    await expect(journal.append(segment(3))).rejects.toThrow(/taken the place/);
    const names = await operator.query<{ node_id: string }>('SELECT node_id FROM nodes');
    expect(names.rows).toEqual([{ node_id: 'container-2' }]);
  });

  test('a batch whose answer is lost is there once, and what follows it too', async () => {
    const journal = await start();
    const states: JournalHealth['state'][] = [];
    journal.onHealth(({ state }) => states.push(state));
    await journal.append(segment(1));
    await operator.query('BEGIN');
    await operator.query('LOCK TABLE journal_segments IN SHARE MODE');
    // What the first try wrote: it was committed, and the connection broke before that could be said.
    await operator.query(
      "INSERT INTO journal_segments VALUES ('gate-1', 2, decode(repeat('02', 10), 'hex'))",
    );
    const appended = [journal.append(segment(2)), journal.append(segment(3))];
    await expect.poll(() => waiting('gatehouse journal gate-1')).toBe(1);
    await operator.query('SELECT pg_terminate_backend($1)', [await backendOf('gatehouse journal gate-1')]);
    await operator.query('COMMIT');
    await Promise.all(appended);
    const all = await everything(journal);
    expect(all.map(({ number, bytes }) => [number, bytes.byteLength])).toEqual([
      [1, 10],
      [2, 10],
      [3, 10],
    ]);
    expect(states).toEqual(['failing', 'ok']);
  });

  const waiting = async (name: string): Promise<number> =>
    (
      await operator.query(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'",
        [name],
      )
    ).rows.length;

  test('the lease is renewed by the database that came back, and the place is kept', async () => {
    const troubles: string[] = [];
    const journal = await start({ onTrouble: (problem) => troubles.push(problem) });
    await operator.query('SELECT pg_terminate_backend($1)', [await backendOf('gatehouse lease gate-1')]);
    await endLeases();
    await expect
      .poll(
        async () =>
          (
            await operator.query<{ held: boolean }>(
              'SELECT lease_until > clock_timestamp() AS held FROM nodes',
            )
          ).rows[0]?.held,
        { timeout: 4_000 },
      )
      .toBe(true);
    await journal.append(segment(1));
    expect(fenced).toEqual([]);
  });

  test('a place that was given back is taken at once, by whoever comes', async () => {
    const place = await take();
    await place.leave();
    const next = await take({ holder: 'second' });
    opened.push({ place: next });
    expect(next.incarnation).toBe(place.incarnation + 1);
  });

  test('settings under which commits may be lost are named, and synchronous_commit is overruled', async () => {
    await operator.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$`,
    );
    const place = await take();
    const journal = await place.openJournal();
    opened.push({ place, journal });
    expect(place.unsafeSettings).toContain('synchronous_commit=off');
    await journal.append(segment(1));
    expect(await everything(journal)).toHaveLength(1);
  });

  test('a journal of a data directory moves as a whole; a move that was cut short goes on', async () => {
    const folder = temporaryDirectory();
    const old = await openJournal(folder.path);
    for (let number = 1; number <= 5; number += 1) await old.append(segment(number));
    const journal = await start();
    await journal.append(segment(1));
    await journal.append(segment(2));
    expect(await moveJournal(old, journal)).toEqual({ outcome: 'moved', segments: 3 });
    expect((await everything(journal)).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    await journal.append(segment(6));
    expect(await moveJournal(old, journal)).toEqual({ outcome: 'differs' });
    await old.close();
    folder.discard();
  });
});
