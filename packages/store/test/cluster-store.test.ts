import type { Claim } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { filters, testCluster } from './support/nodes.ts';
import { describePostgresql } from './support/stores.ts';

const claim = (clientId: string, of: Partial<Claim> = {}): Claim => ({
  clientId,
  owner: 'mqtt:ada',
  force: false,
  letter: Buffer.from(`give me ${clientId}`),
  ...of,
});

describePostgresql('what nodes know of each other', (prepare) => {
  const nodes = testCluster(prepare);

  test("a client ID is one node's: others are told whose, and their letter is in its inbox", async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    expect(await a.cluster.claim([claim('pump'), claim('valve')])).toEqual([
      { outcome: 'yours' },
      { outcome: 'yours' },
    ]);
    expect(await b.cluster.claim([claim('free'), claim('pump')])).toEqual([
      { outcome: 'yours' },
      { outcome: 'asked', node: 'a' },
    ]);
    expect(await a.inbox()).toEqual(['give me pump']);
    expect(await a.cluster.claim([claim('pump'), claim('pump')])).toEqual([
      { outcome: 'yours' },
      { outcome: 'yours' },
    ]);
  });

  test('a client ID of another principal is refused, here and there, unless it is forced', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    await a.cluster.claim([claim('pump')]);
    const other = claim('pump', { owner: 'mqtt:eve' });
    expect(await a.cluster.claim([other])).toEqual([{ outcome: 'owned-by-other' }]);
    expect(await b.cluster.claim([other])).toEqual([{ outcome: 'owned-by-other' }]);
    expect(await a.inbox()).toEqual([]);
    expect(await b.cluster.claim([{ ...other, force: true }])).toEqual([{ outcome: 'asked', node: 'a' }]);
    expect(await a.cluster.claim([{ ...other, force: true }, claim('pump')])).toEqual([
      { outcome: 'yours' },
      { outcome: 'owned-by-other' },
    ]);
  });

  test('three nodes that ask for the same client IDs at once: each has one owner, which all are told of', async () => {
    const all = await Promise.all(['a', 'b', 'c'].map((name) => nodes.node(name)));
    const names = Array.from({ length: 300 }, (_, index) => `client-${index}`);
    const answers = await Promise.all(
      all.map(async ({ name, cluster }, turn) => {
        const order = turn === 1 ? names.toReversed() : names;
        const claimed = await cluster.claim(order.map((clientId) => claim(clientId)));
        return order.map((clientId, index) => {
          const answer = claimed[index];
          return [clientId, answer?.outcome === 'asked' ? answer.node : name] as const;
        });
      }),
    );
    const told = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));
    for (const [clientId, owner] of answers.flat()) told.get(clientId)?.add(owner);
    expect([...told.values()].map(({ size }) => size)).toEqual(names.map(() => 1));
  });

  test('what a node gives up is free, and what it does not have is left alone', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    await a.cluster.claim([claim('one'), claim('two'), claim('three')]);
    await b.commit({ released: ['one'] });
    expect(await b.cluster.claim([claim('one')])).toEqual([{ outcome: 'asked', node: 'a' }]);
    await a.commit({ released: ['one'] });
    expect(await b.cluster.claim([claim('one')])).toEqual([{ outcome: 'yours' }]);
    await a.cluster.releaseAllBut(['two']);
    expect(await b.cluster.claim([claim('two'), claim('three')])).toEqual([
      { outcome: 'asked', node: 'a' },
      { outcome: 'yours' },
    ]);
  });

  test('a start says what the interest of the node is, and the others hear what is new of it', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    await a.commit({ listens: filters('old', 'kept') });
    await a.cluster.resetInterest(filters('kept', 'new'));
    const { epoch, changes } = await b.journal.interestSince(1);
    expect(epoch).toBe(2);
    expect(changes.toSorted((left, right) => (left.filter < right.filter ? -1 : 1))).toEqual([
      { node: 'a', filter: 'new', group: '', live: true },
      { node: 'a', filter: 'old', group: '', live: false },
    ]);
    await a.cluster.resetInterest(filters('kept', 'new'));
    expect(await b.journal.interestSince(2)).toEqual({ epoch: 2, changes: [] });
  });

  test('the mark is the same for all nodes on a database', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    expect(a.cluster.cluster).toMatch(/^[0-9a-f]{32}$/);
    expect(b.cluster.cluster).toBe(a.cluster.cluster);
  });
});
