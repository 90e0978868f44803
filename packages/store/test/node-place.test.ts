import { StoreOpenError } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { everything, segment } from './support/journals.ts';
import { filters, sharedPart, SHORT_LEASE_MS, testCluster } from './support/nodes.ts';
import { describePostgresql } from './support/stores.ts';
import { wireTo } from './support/wire.ts';

const ALONE = { several: false, leaseMs: SHORT_LEASE_MS };
const BESIDE = { several: true, leaseMs: SHORT_LEASE_MS };

describePostgresql('the place of a node among others', (prepare) => {
  const nodes = testCluster(prepare);
  const refusal = async (name: string, of: Parameters<typeof nodes.node>[1]): Promise<string> => {
    try {
      await nodes.node(name, of);
    } catch (error) {
      if (error instanceof StoreOpenError) return error.message;
      throw error;
    }
    return 'not refused';
  };

  test('several live beside each other; a second one of the same name is told to take another', async () => {
    await nodes.node('a', BESIDE);
    await nodes.node('b', BESIDE);
    expect(await refusal('a', { ...BESIDE, holder: 'somebody' })).toBe(
      'A server (Gatehouse 1.0.0, on machine of a) runs as node "a" on this database already. Stop it, or give this one a `node_id` of its own.',
    );
  });

  test('one that expects to be alone does not start beside one of several, nor the other way round', async () => {
    const a = await nodes.node('a', BESIDE);
    expect(await refusal('b', ALONE)).toBe(
      'A server (Gatehouse 1.0.0, on machine of a) runs as node "a" on this database, with a `bus_url` for several nodes. Give this one the same, or stop all others first.',
    );
    await a.kill();
    await nodes.node('a', ALONE);
    expect(await refusal('b', BESIDE)).toBe(
      'A server (Gatehouse 1.0.0, on machine of a) runs as node "a" on this database without `bus_url`: it expects to be alone. Stop it, and start it again with the `bus_url` that this one has.',
    );
    expect(await refusal('b', ALONE)).toBe(
      'A server (Gatehouse 1.0.0, on machine of a) runs as node "a" on this database. Several nodes on one database need a `bus_url`. Without it stop that one first, this one then goes on with its sessions.',
    );
  });

  test('one of several takes nothing from those that are gone when it starts: heirs do that', async () => {
    const a = await nodes.node('a');
    await a.commit({});
    await a.kill();
    const b = await nodes.node('b');
    expect(await everything(b.journal)).toEqual([]);
    const fenced = await b.cluster.fence();
    expect(await everything(fenced?.journal ?? b.journal)).toHaveLength(1);
    await fenced?.journal.close();
  });

  test('one that starts while another takes over from it waits until that is through', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    await a.commit({});
    await a.kill();
    await (await b.cluster.fence())?.journal.close();
    const again = nodes.node('a');
    // It has looked once, at least.
    await expect.poll(() => nodes.open('gatehouse lease a')).toBe(1);
    await b.commit({ inherits: 'a' });
    const next = await again;
    expect(next.place.incarnation).toBe(1);
    expect(await everything(next.journal)).toEqual([]);
    await b.commit({ mail: [{ to: 'a', bytes: Buffer.from('welcome back') }] });
    expect(await next.inbox()).toEqual(['welcome back']);
  });

  test('the first of several goes on with the journal of one that was alone, whatever its name; those after it do not', async () => {
    const alone = await nodes.node('house', ALONE);
    await alone.journal.append(segment(1));
    await alone.kill();
    const a = await nodes.node('a', BESIDE);
    const b = await nodes.node('b', BESIDE);
    expect((await everything(a.journal)).map(({ number }) => number)).toEqual([1]);
    expect(await everything(b.journal)).toEqual([]);
    expect((await a.cluster.nodes()).map(({ node }) => node).sort()).toEqual(['a', 'b']);
    await expect(alone.journal.append(segment(2))).rejects.toThrow();
  });

  test('one that is alone goes on with the journal of a node that was made anew, and forgets what several shared', async () => {
    const a = await nodes.node('a');
    await a.commit({ listens: filters('x') });
    await a.cluster.claim([{ clientId: 'pump', owner: 'ada', force: false, letter: Buffer.alloc(0) }]);
    await a.kill();
    const b = await nodes.node('b', ALONE);
    expect((await everything(b.journal)).map(({ number }) => number)).toEqual([1]);
    expect((await b.journal.interestSince(0)).changes).toEqual([]);
    expect((await b.cluster.nodes()).map(({ node }) => node)).toEqual(['b']);
  });

  test('one that is alone refuses what several have left: sessions of two nodes, or letters', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    await a.commit({});
    await b.commit({});
    await a.kill();
    await b.kill();
    const left = (names: string): string =>
      `Nodes that ran beside others have left sessions and messages on this database (${names}), which a node alone cannot take over. Start this server with the \`bus_url\` they had, until the others are gone from its list of nodes, and stop it; then start it without.`;
    expect(await refusal('a', ALONE)).toBe(left('"a", "b"'));
    expect(await refusal('c', ALONE)).toBe(left('"a", "b"'));
    const c = await nodes.node('c');
    for (const name of ['a', 'b']) {
      const fenced = await c.cluster.fence();
      await fenced?.journal.close();
      await c.commit({ inherits: fenced?.node ?? name });
    }
    await c.commit({ mail: [{ to: 'c', bytes: Buffer.from('not read yet') }] });
    await c.kill();
    expect(await refusal('c', ALONE)).toBe(left('"c"'));
    const again = await nodes.node('c');
    const [{ id } = { id: 0 }] = await again.journal.letters([]);
    await again.journal.commit(segment(9), sharedPart({ taken: [id] }));
    await again.kill();
    const alone = await nodes.node('c', ALONE);
    expect((await everything(alone.journal)).map(({ number }) => number)).toEqual([1, 2, 3, 9]);
  });

  test('one that is alone finds the retained messages that several have left, and has them until it forgets them', async () => {
    const a = await nodes.node('a');
    const put = (topic: string, bytes: Buffer | undefined) => ({ topic, bytes, unlessKnown: false });
    await a.commit({
      retained: [put('t', Buffer.from('one')), put('u', Buffer.from('two')), put('gone', undefined)],
    });
    await a.kill();
    const { place } = await nodes.node('a', ALONE);
    const left = async (): Promise<readonly string[]> =>
      (await place.retainedLeft().read()).map(
        ({ topic, bytes }) => `${topic} ${Buffer.from(bytes).toString()}`,
      );
    expect((await left()).toSorted()).toEqual(['t one', 'u two']);
    await place.retainedLeft().forget(['t']);
    expect(await left()).toEqual(['u two']);
    await place.retainedLeft().forget(['u']);
    const { rowCount } = await nodes.operator().query('SELECT 1 FROM retained_messages');
    expect(rowCount).toBe(0);
  });

  test('a lease that cannot be renewed is told to be at risk before it ends, and safe when it is renewed', async () => {
    const wire = await wireTo(nodes.url());
    const told: string[] = [];
    const leftMs = async (): Promise<number> =>
      (
        await nodes
          .operator()
          .query<{ left: number }>(
            'SELECT extract(epoch FROM lease_until - clock_timestamp())::float8 * 1000 AS left FROM nodes',
          )
      ).rows[0]?.left ?? 0;
    let left: Promise<number> | undefined;
    await nodes.node('a', {
      url: wire.url,
      leaseMs: 5_000,
      onLeaseAtRisk: () => {
        told.push('at risk');
        left = leftMs();
      },
      onLeaseSafe: () => told.push('safe'),
    });
    wire.hold();
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['at risk']);
    const atRisk = (await left) ?? 0;
    expect(atRisk).toBeGreaterThan(0);
    expect(atRisk).toBeLessThan(5_000 * 0.2 + 1_000);
    wire.mend();
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['at risk', 'safe']);
    await wire.close();
  });

  test('a machine whose clock is an hour off gets no place, and is told by how much; one that is set while it runs keeps its own, and is told once', async () => {
    const hour = 3_600_000;
    const refused = (aheadMs: number) => refusal('a', { ...BESIDE, now: () => Date.now() + aheadMs });
    const advice =
      "the database's, by which all nodes go. Let both be set by NTP (chrony, systemd-timesyncd), then start this server again.";
    expect(await refused(hour)).toBe(`The clock of this machine is 60 minutes ahead of ${advice}`);
    expect(await refused(-3 * hour)).toBe(`The clock of this machine is 3 hours behind ${advice}`);
    let aheadMs = 0;
    const told: string[] = [];
    const renewed = async (): Promise<string> =>
      (await nodes.operator().query<{ until: string }>('SELECT lease_until::text AS until FROM nodes'))
        .rows[0]?.until ?? '';
    const a = await nodes.node('a', {
      ...BESIDE,
      now: () => Date.now() + aheadMs,
      onClockApart: (problem) => told.push(problem),
    });
    aheadMs = -hour;
    await expect.poll(() => told).toHaveLength(1);
    for (let count = 0; count < 2; count += 1) {
      const before = await renewed();
      await expect.poll(renewed).not.toBe(before);
    }
    expect(told).toEqual([
      "The clock of this machine is 60 minutes behind the database's, by which all nodes go. Let both be set by NTP (chrony, systemd-timesyncd)",
    ]);
    expect(a.fenced).toEqual([]);
  });

  test('a database whose transactions do not see what they waited for is overruled, and named', async () => {
    const operator = nodes.operator();
    const set = (level: string) =>
      operator.query(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = ''${level}''', current_database()); END $$`,
      );
    await set('repeatable read');
    const a = await nodes.node('a');
    expect(a.place.unsafeSettings).toEqual(['default_transaction_isolation=repeatable read']);
    const b = await nodes.node('b');
    await a.journal.lock(0, undefined);
    const behind = b.commit({ matchedAt: 0, mail: [] });
    await expect.poll(() => nodes.waiting('gatehouse journal b')).toBe(1);
    await a.commit({ listens: filters('x') });
    expect(await behind).toEqual({ outcome: 'stale' });
    await set('read committed');
  });
});
