import type { SharedPart } from '@gatehouse/ports';
import { InheritanceLost } from '@gatehouse/ports';
import { beforeEach, describe, expect, test } from 'vitest';
import { everything } from './support/journals.ts';
import { filters, SHORT_LEASE_MS, testCluster, type TestNode } from './support/nodes.ts';
import { describePostgresql } from './support/stores.ts';

const letter = (text: string): Buffer => Buffer.from(text);
const claim = (clientId: string, owner = 'ada') => ({ clientId, owner, force: false, letter: letter('?') });
const transfer = (clientId: string, to: string, ...listens: readonly string[]): Partial<SharedPart> => ({
  transfers: [
    {
      clientId,
      to,
      listens: filters(...listens),
      letter: letter(`here is ${clientId}`),
      forward: letter(`${clientId} is for ${to}`),
    },
  ],
});

describePostgresql('what one node hands to another', (prepare) => {
  const nodes = testCluster(prepare);
  let a: TestNode;
  let b: TestNode;
  let c: TestNode;

  beforeEach(async () => {
    a = await nodes.node('a');
    b = await nodes.node('b');
    c = await nodes.node('c');
  });
  const ownerOf = async (clientId: string): Promise<string | undefined> =>
    (
      await nodes
        .operator()
        .query<{ node_id: string }>('SELECT node_id FROM client_claims WHERE client_id = $1', [clientId])
    ).rows[0]?.node_id;
  const interestOf = async (name: string): Promise<readonly string[]> =>
    (
      await nodes
        .operator()
        .query<{ filter: string }>(
          'SELECT filter FROM node_interest WHERE node_id = $1 AND live ORDER BY filter',
          [name],
        )
    ).rows.map(({ filter }) => filter);

  describe('a client ID', () => {
    test("that it has becomes the other's, with its letter and its interest", async () => {
      await a.cluster.claim([claim('pump')]);
      expect(await a.commit(transfer('pump', 'b', 'x', 'y'))).toEqual({ outcome: 'committed', epoch: 1 });
      expect(await ownerOf('pump')).toBe('b');
      expect(await b.inbox()).toEqual(['here is pump']);
      expect(await interestOf('b')).toEqual(['x', 'y']);
      expect(await b.journal.interestSince(0)).toMatchObject({ changes: [{ node: 'b' }, { node: 'b' }] });
      // Whose client it is goes with it.
      expect(await b.cluster.claim([claim('pump', 'eve')])).toEqual([{ outcome: 'owned-by-other' }]);
    });

    test("that nobody has becomes the other's, for whichever client comes", async () => {
      await a.commit(transfer('pump', 'b'));
      expect(await ownerOf('pump')).toBe('b');
      expect(await b.inbox()).toEqual(['here is pump']);
      expect(await b.cluster.claim([claim('pump', 'ada'), claim('pump', 'eve')])).toEqual([
        { outcome: 'yours' },
        { outcome: 'owned-by-other' },
      ]);
    });

    test("that it gives up in the same batch becomes the other's", async () => {
      await a.cluster.claim([claim('pump')]);
      await a.commit({ ...transfer('pump', 'b'), released: ['pump'] });
      expect(await ownerOf('pump')).toBe('b');
    });

    test("that is the other's already: the letter goes there all the same", async () => {
      await b.cluster.claim([claim('pump')]);
      await a.commit(transfer('pump', 'b', 'x'));
      expect(await ownerOf('pump')).toBe('b');
      expect(await b.inbox()).toEqual(['here is pump']);
      expect(await interestOf('b')).toEqual(['x']);
    });

    test("that is a third's: it is asked instead, and nothing else happens", async () => {
      await c.cluster.claim([claim('pump')]);
      await a.commit(transfer('pump', 'b', 'x'));
      expect(await ownerOf('pump')).toBe('c');
      expect([await b.inbox(), await c.inbox()]).toEqual([[], ['pump is for b']]);
      expect(await interestOf('b')).toEqual([]);
    });

    test('for a node that is gone goes to its heir; for one that nobody knows it stays', async () => {
      await a.cluster.claim([claim('pump'), claim('valve')]);
      await b.kill();
      await c.cluster.fence();
      await c.commit({ inherits: 'b' });
      await a.commit(transfer('pump', 'b', 'x'));
      expect(await ownerOf('pump')).toBe('c');
      expect(await c.inbox()).toEqual(['here is pump']);
      expect(await interestOf('c')).toEqual(['x']);
      // That it went elsewhere is told, though this node did it.
      expect((await a.journal.interestSince(0)).changes).toContainEqual({
        node: 'c',
        filter: 'x',
        group: '',
        live: true,
      });
      await a.commit(transfer('valve', 'nobody', 'y'));
      expect(await ownerOf('valve')).toBe('a');
      expect(await a.inbox()).toEqual(['here is valve']);
      expect(await interestOf('a')).toEqual(['y']);
    });
  });

  describe('the place of a node whose lease has ended', () => {
    test('is taken by one of two that look at once, who is given it again until it is taken over; while a node lives nobody takes its place', async () => {
      expect(await b.cluster.fence()).toBeUndefined();
      await a.kill();
      const taken = await Promise.all([b.cluster.fence(), c.cluster.fence()]);
      expect(taken.map((one) => one?.node).toSorted()).toEqual(['a', undefined]);
      for (const one of taken) await one?.journal.close();
      const [heir, other] = taken[0] === undefined ? [c, b] : [b, c];
      expect(await other.cluster.fence()).toBeUndefined();
      const again = await heir.cluster.fence();
      expect(again?.node).toBe('a');
      await again?.journal.close();
    });

    test('leaves its journal to be read, and what it left goes in one batch', async () => {
      await a.cluster.claim([claim('pump')]);
      await a.commit({ listens: filters('x') });
      await a.commit({});
      await c.commit({
        mail: [
          { to: 'a', bytes: letter('to a') },
          { to: 'b', bytes: letter('to b') },
        ],
      });
      await a.kill();
      const fenced = await b.cluster.fence();
      expect(fenced?.node).toBe('a');
      if (fenced === undefined) return;
      expect((await everything(fenced.journal)).map(({ number }) => number)).toEqual([1, 2]);
      await fenced.journal.close();
      const locked = await b.journal.lock(0, 'a');
      expect(locked.letters.map(({ to, bytes }) => [to, bytes.toString()])).toEqual([
        ['b', 'to b'],
        ['a', 'to a'],
      ]);
      const [own] = locked.letters;
      await b.commit({ inherits: 'a', listens: filters('x'), taken: own === undefined ? [] : [own.id] });
      expect(await ownerOf('pump')).toBe('b');
      expect([await interestOf('a'), await interestOf('b')]).toEqual([[], ['x']]);
      expect(await b.inbox()).toEqual(['to a']);
      expect((await b.cluster.nodes()).map(({ node }) => node)).toEqual(['b', 'c']);
      expect((await c.journal.interestSince(1)).changes).toHaveLength(2);
      // Who has not heard of it yet still reaches the heir.
      await c.commit({ mail: [{ to: 'a', bytes: letter('late') }] });
      expect(await b.inbox()).toEqual(['to a', 'late']);
    });

    test('taken by a node that ends too goes to the next, with all that was sent to any of them', async () => {
      await a.kill();
      await (await b.cluster.fence())?.journal.close();
      await b.commit({ inherits: 'a' });
      await b.kill();
      await (await c.cluster.fence())?.journal.close();
      await c.commit({ inherits: 'b' });
      const d = await nodes.node('d');
      await d.commit({ mail: ['a', 'b', 'nobody'].map((to) => ({ to, bytes: letter(`to ${to}`) })) });
      expect(await c.inbox()).toEqual(['to a', 'to b']);
    });

    test('is inherited by nobody but who fenced it last, and nothing of such a batch is written', async () => {
      await a.kill();
      await expect(b.commit({ inherits: 'a', listens: filters('x') })).rejects.toThrow(InheritanceLost);
      await (await b.cluster.fence())?.journal.close();
      await nodes.operator().query("UPDATE nodes SET lease_until = clock_timestamp() WHERE node_id = 'a'");
      await (await c.cluster.fence())?.journal.close();
      await b.journal.lock(0, 'a');
      await expect(b.commit({ inherits: 'a', listens: filters('x') })).rejects.toThrow(InheritanceLost);
      expect(await everything(b.journal)).toEqual([]);
      expect(await interestOf('b')).toEqual([]);
      expect(await c.commit({ inherits: 'a' })).toMatchObject({ outcome: 'committed' });
    });

    test("stays with its heir for as long as that lives, and is the next's when it does not", async () => {
      const facts = async () =>
        (await c.cluster.nodes()).map(({ node, isAlive, host }) => [node, isAlive, host]);
      const d = await nodes.node('d', { leaseMs: SHORT_LEASE_MS });
      await a.kill();
      await (await d.cluster.fence())?.journal.close();
      expect(await facts()).toEqual([
        ['a', false, 'machine of a'],
        ['b', true, 'machine of b'],
        ['c', true, 'machine of c'],
        ['d', true, 'machine of d'],
      ]);
      const leaseOf = async (name: string): Promise<number> =>
        (
          await nodes
            .operator()
            .query<{ at: number }>(
              'SELECT extract(epoch FROM lease_until)::float8 AS at FROM nodes WHERE node_id = $1',
              [name],
            )
        ).rows[0]?.at ?? 0;
      const taken = await leaseOf('a');
      await expect.poll(() => leaseOf('a')).toBeGreaterThan(taken);
      await d.kill();
      await nodes.operator().query("UPDATE nodes SET lease_until = clock_timestamp() WHERE node_id = 'a'");
      const names = [await c.cluster.fence(), await c.cluster.fence()].map((one) => one?.node);
      expect(names.toSorted()).toEqual(['a', 'd']);
    });
  });
});
