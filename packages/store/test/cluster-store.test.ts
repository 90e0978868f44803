import type { Claim, RetainedPlace } from '@gatehouse/ports';
import { describe, expect, test } from 'vitest';
import { openLink } from '../src/postgresql/node/link.ts';
import { sweep } from '../src/postgresql/node/sweep.ts';
import { filters, testCluster, type TestNode } from './support/nodes.ts';
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
    expect(new Set(await a.cluster.ownClaims())).toEqual(new Set(['two', 'three']));
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

  describe('retained messages', () => {
    const put = (topic: string, text: string | undefined, unlessKnown = false) => ({
      topic,
      bytes: text === undefined ? undefined : Buffer.from(text),
      unlessKnown,
    });
    const told = async ({ cluster }: TestNode, place?: RetainedPlace) => {
      const { place: next, news } = await cluster.retainedSince(place);
      return { next, news: news.map(({ topic, bytes }) => [topic, bytes?.toString()]) };
    };

    test('are told from the beginning and from where one has been; what is gone is told to who was there', async () => {
      const a = await nodes.node('a');
      const b = await nodes.node('b');
      await a.commit({ retained: [put('t', 'one'), put('u', '')] });
      const first = await told(b);
      expect(first.news.toSorted()).toEqual([
        ['t', 'one'],
        ['u', ''],
      ]);
      expect((await told(b, first.next)).news).toEqual([]);
      await a.commit({ retained: [put('t', 'old'), put('t', 'two'), put('u', 'x'), put('u', undefined)] });
      const second = await told(b, first.next);
      expect(second.news.toSorted()).toEqual([
        ['t', 'two'],
        ['u', undefined],
      ]);
      expect((await told(b)).news).toEqual([['t', 'two']]);
    });

    test('of an old journal come in only where nothing is known of the topic', async () => {
      const a = await nodes.node('a');
      await a.commit({ retained: [put('there', 'new'), put('gone', undefined)] });
      await a.commit({
        retained: [put('there', 'old', true), put('gone', 'old', true), put('free', 'old', true)],
      });
      await a.commit({ retained: [put('both', 'now'), put('both', 'before', true)] });
      expect((await told(a)).news.toSorted()).toEqual([
        ['both', 'now'],
        ['free', 'old'],
        ['there', 'new'],
      ]);
    });

    test('that commit late are told: a place that is behind them is not one that has seen them', async () => {
      const a = await nodes.node('a');
      const operator = nodes.operator();
      await operator.query('BEGIN');
      await operator.query(
        "INSERT INTO retained_messages (key, topic, bytes, txid, changed_at) VALUES ('k', 'late', 'x', pg_current_xact_id(), now())",
      );
      await a.commit({ retained: [put('early', 'y')] });
      const first = await told(a);
      expect(first.news).toEqual([['early', 'y']]);
      expect((await told(a, first.next)).news).toEqual([]);
      await operator.query('COMMIT');
      expect((await told(a, first.next)).news).toEqual([['late', 'x']]);
    });

    test('have versions that rise with each change of a topic, whichever node makes it', async () => {
      const a = await nodes.node('a');
      const b = await nodes.node('b');
      const versions: number[] = [];
      for (const [node, text] of [
        [a, '1'],
        [b, '2'],
        [a, undefined],
        [b, '4'],
      ] as const) {
        const { next } = await told(a);
        await node.commit({ retained: [put('t', text)] });
        versions.push(...(await a.cluster.retainedSince(next)).news.map(({ version }) => version));
      }
      expect(versions).toEqual(versions.toSorted((left, right) => left - right));
      expect(new Set(versions).size).toBe(4);
    });

    test('that have expired are taken away for everybody, unless the topic has another by now', async () => {
      const a = await nodes.node('a');
      const b = await nodes.node('b');
      await a.commit({ retained: [put('over', '1'), put('again', '1'), put('gone', undefined)] });
      const { place, news } = await b.cluster.retainedSince(undefined);
      await a.commit({ retained: [put('again', '2')] });
      const expired = news.map(({ topic, version }) => ({ topic, version }));
      await b.cluster.expireRetained(expired);
      await a.cluster.expireRetained(expired);
      expect((await told(a, place)).news).toEqual([
        ['again', '2'],
        ['over', undefined],
      ]);
      expect((await told(a)).news).toEqual([['again', '2']]);
    });

    test('that are more than one statement reads are all there', async () => {
      const a = await nodes.node('a');
      const topics = Array.from({ length: 4_500 }, (_, index) => `t${index}`);
      await a.commit({ retained: topics.map((topic) => put(topic, topic)) });
      expect((await told(a)).news.map(([topic]) => topic).toSorted()).toEqual(topics.toSorted());
    });
  });

  test('what ended long ago is swept away, what lives or ended of late is not, and nothing while a node is late', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    const operator = nodes.operator();
    await a.commit({
      listens: filters('old', 'new', 'live'),
      retained: ['old', 'new'].map((topic) => ({ topic, bytes: undefined, unlessKnown: false })),
    });
    await a.commit({ unlistens: filters('old', 'new') });
    await b.kill();
    await (await a.cluster.fence())?.journal.close();
    await a.commit({ inherits: 'b' });
    await operator.query(`
      UPDATE node_interest SET changed_at = now() - interval '2 hours' WHERE filter <> 'new';
      UPDATE retained_messages SET changed_at = now() - interval '2 hours' WHERE topic = 'old';
      UPDATE node_heirs SET ended_at = now() - interval '2 hours';
      INSERT INTO nodes VALUES ('late', 1, 'h', now() - interval '1 s', now(), '1', 'there')`);
    const left = async () =>
      (
        await operator.query<{ name: string }>(
          `SELECT filter AS name FROM node_interest UNION ALL SELECT 'topic ' || topic FROM retained_messages
           UNION ALL SELECT 'heir of ' || node_id FROM node_heirs`,
        )
      ).rows
        .map(({ name }) => name)
        .toSorted();
    const pool = openLink(nodes.url(), 'sweeping');
    await sweep(pool);
    expect(await left()).toEqual(['heir of b', 'live', 'new', 'old', 'topic new', 'topic old']);
    await operator.query("DELETE FROM nodes WHERE node_id = 'late'");
    await sweep(pool);
    expect(await left()).toEqual(['live', 'new', 'topic new']);
    await pool.end();
  });
});
