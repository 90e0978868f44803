import { LockLost, type JournalHealth } from '@gatehouse/ports';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { everything } from './support/journals.ts';
import { filters, SHORT_LEASE_MS, testCluster, type TestNode } from './support/nodes.ts';
import { describePostgresql } from './support/stores.ts';
import { wireTo, type Wire } from './support/wire.ts';

const letter = (text: string): Buffer => Buffer.from(text);
const numbers = async ({ journal }: TestNode): Promise<readonly number[]> =>
  (await everything(journal)).map(({ number }) => number);

describePostgresql('a journal among others whose database fails', (prepare) => {
  const nodes = testCluster(prepare);
  let wire: Wire;
  let b: TestNode;

  beforeEach(async () => {
    wire = await wireTo(nodes.url());
    b = await nodes.node('b');
  });
  afterEach(async () => {
    await wire.close();
  });

  test('a batch whose answer is lost was committed once, and its epoch is told as it was', async () => {
    const a = await nodes.node('a', { url: wire.url });
    const states: JournalHealth['state'][] = [];
    a.journal.onHealth(({ state }) => states.push(state));
    await a.commit({});
    wire.loseAnswer();
    const first = a.commit({ listens: filters('x'), mail: [{ to: 'b', bytes: letter('once') }] });
    await expect.poll(async () => (await b.journal.interestSince(0)).epoch).toBe(1);
    // Meanwhile another changes what the answer would be now.
    expect(await b.commit({ listens: filters('y') })).toMatchObject({ epoch: 2 });
    expect(await first).toEqual({ outcome: 'committed', epoch: 1 });
    expect(await b.inbox()).toEqual(['once']);
    expect(await numbers(a)).toEqual([1, 2]);
    expect(states).toEqual(['failing', 'ok']);
  });

  test('a batch that was matched and whose answer is lost is not stale for what changed behind it', async () => {
    const a = await nodes.node('a', { url: wire.url });
    await a.commit({});
    wire.loseAnswer();
    const sent = a.commit({ matchedAt: 0, mail: [{ to: 'b', bytes: letter('once') }] });
    await expect.poll(() => b.inbox()).toEqual(['once']);
    await b.commit({ listens: filters('y') });
    expect(await sent).toEqual({ outcome: 'committed', epoch: 0 });
    expect(await b.inbox()).toEqual(['once']);
  });

  test('while nothing can be written that is told, whatever can be read', async () => {
    const operator = nodes.operator();
    const states: JournalHealth['state'][] = [];
    b.journal.onHealth(({ state }) => states.push(state));
    await operator.query('ALTER TABLE journal_segments ADD CONSTRAINT none CHECK (false) NOT VALID');
    const waits = b.commit({ listens: filters('x') });
    await expect.poll(() => states).toEqual(['failing']);
    expect([await b.journal.letters([]), await b.journal.interestSince(0)]).toEqual([
      [],
      { epoch: 0, changes: [] },
    ]);
    expect(states).toEqual(['failing']);
    await operator.query('ALTER TABLE journal_segments DROP CONSTRAINT none');
    expect(await waits).toEqual({ outcome: 'committed', epoch: 1 });
    expect(states).toEqual(['failing', 'ok']);
  });

  describe('the lock', () => {
    test('holds the subscriptions and messages of others up until its batch is committed', async () => {
      const a = await nodes.node('a');
      await b.commit({ listens: filters('x') });
      await b.commit({
        mail: [
          { to: 'a', bytes: letter('1') },
          { to: 'a', bytes: letter('2') },
        ],
      });
      const locked = await a.journal.lock(0, undefined);
      expect({ ...locked, letters: locked.letters.map(({ to, bytes }) => [to, bytes.toString()]) }).toEqual({
        epoch: 1,
        changes: [{ node: 'b', filter: 'x', group: '', live: true }],
        letters: [
          ['a', '1'],
          ['a', '2'],
        ],
      });
      const subscribed = b.commit({ listens: filters('y') });
      await expect.poll(() => nodes.waiting('gatehouse journal b')).toBe(1);
      const behind = a.journal.append({ number: 100, bytes: new Uint8Array(3) });
      expect(
        await a.commit({
          matchedAt: locked.epoch,
          listens: filters('z'),
          mail: [{ to: 'b', bytes: letter('in the lock') }],
          taken: locked.letters.map(({ id }) => id),
        }),
      ).toEqual({ outcome: 'committed', epoch: 2 });
      expect(await subscribed).toEqual({ outcome: 'committed', epoch: 3 });
      await behind;
      expect(await numbers(a)).toEqual([1, 100]);
      expect(await a.inbox()).toEqual([]);
      expect(await b.inbox()).toEqual(['in the lock']);
    });

    test('that the database let go of is lost: nothing was written, and it can be taken again', async () => {
      const a = await nodes.node('a');
      await a.journal.lock(0, undefined);
      await nodes.cut('gatehouse journal a');
      const part = { mail: [{ to: 'b', bytes: letter('again') }] };
      await expect(a.commit(part)).rejects.toThrow(LockLost);
      expect(await b.inbox()).toEqual([]);
      expect(await numbers(a)).toEqual([]);
      await a.journal.lock(0, undefined);
      expect(await a.commit(part)).toEqual({ outcome: 'committed', epoch: 0 });
      expect(await b.inbox()).toEqual(['again']);
    });

    test('of a node that hangs is taken from it, and the others go on', async () => {
      const a = await nodes.node('a', { leaseMs: SHORT_LEASE_MS });
      await a.journal.lock(0, undefined);
      await b.commit({ listens: filters('x') });
      await expect(a.commit({ listens: filters('y') })).rejects.toThrow(LockLost);
      expect((await b.journal.interestSince(0)).changes).toEqual([]);
    });

    test('whose batch was committed before the answer was lost is not lost', async () => {
      const a = await nodes.node('a', { url: wire.url });
      await a.journal.lock(0, undefined);
      // The answer to the batch arrives, that to its commit does not.
      wire.loseAnswer(1);
      expect(await a.commit({ listens: filters('x'), mail: [{ to: 'b', bytes: letter('once') }] })).toEqual({
        outcome: 'committed',
        epoch: 1,
      });
      expect(await b.inbox()).toEqual(['once']);
    });

    test('whose batch was not committed when the connection broke is lost', async () => {
      const a = await nodes.node('a', { url: wire.url });
      await a.journal.lock(0, undefined);
      wire.loseAnswer(0);
      await expect(a.commit({ mail: [{ to: 'b', bytes: letter('never') }] })).rejects.toThrow(LockLost);
      expect(await b.inbox()).toEqual([]);
    });

    test('is given up when the journal is closed in it', async () => {
      const a = await nodes.node('a');
      await a.journal.lock(0, undefined);
      await a.kill();
      expect(await b.commit({ listens: filters('x') })).toMatchObject({ outcome: 'committed' });
    });
  });

  test('a server whose place was taken commits nothing, and takes neither the lock nor client IDs', async () => {
    const a = await nodes.node('a');
    const next = await nodes.node('a');
    await expect(a.commit({ mail: [{ to: 'b', bytes: letter('late') }] })).rejects.toThrow(/taken the place/);
    await expect(a.journal.lock(0, undefined)).rejects.toThrow();
    const asked = { clientId: 'c', owner: 'o', force: false, letter: letter('') };
    await expect(a.cluster.claim([asked])).rejects.toThrow(/taken the place/);
    await expect(a.cluster.resetInterest(filters('x'))).rejects.toThrow(/taken the place/);
    expect(a.fenced.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Another server has taken the place of node "a".*node_id/),
    ]);
    expect(await b.inbox()).toEqual([]);
    expect(next.fenced).toEqual([]);
  });

  test('two nodes that put the same topics in other orders never wait for each other in a circle', async () => {
    const a = await nodes.node('a');
    const failures: JournalHealth[] = [];
    for (const { journal } of [a, b]) journal.onHealth((health) => failures.push(health));
    const topics = Array.from({ length: 200 }, (_, index) => `t${index}`);
    const retained = (order: readonly string[]) => ({
      retained: order.map((topic) => ({ topic, bytes: letter(topic), unlessKnown: false })),
    });
    for (let round = 0; round < 10; round += 1)
      await Promise.all([a.commit(retained(topics)), b.commit(retained(topics.toReversed()))]);
    expect(failures).toEqual([]);
  });

  test('whoever has subscribed before a message was sent gets it, while three nodes publish and subscribe', async () => {
    const all = [await nodes.node('a'), b, await nodes.node('c')];
    let time = 0;
    const tick = (): number => (time += 1);
    const subscribed: { node: string; topic: string; from: number; until: number }[] = [];
    const published: { id: string; topic: string; from: number; until: number }[] = [];
    let staleBatches = 0;
    const live = async (node: TestNode, turn: number): Promise<void> => {
      const interest = new Map<string, Set<string>>();
      const mine = new Map<string, (typeof subscribed)[number]>();
      let known = 0;
      for (let step = 0; step < 24; step += 1) {
        // Every node another order of the same topics.
        const topic = `t${(step * (turn + 2)) % 5}`;
        const from = tick();
        if (step % 2 === 0) {
          const had = mine.get(topic);
          if (had === undefined) {
            await node.commit({ listens: filters(topic) });
            const now = { node: node.name, topic, from: tick(), until: Number.POSITIVE_INFINITY };
            subscribed.push(now);
            mine.set(topic, now);
          } else {
            had.until = from;
            mine.delete(topic);
            await node.commit({ unlistens: filters(topic) });
          }
        } else {
          const id = `${node.name}${step}`;
          for (;;) {
            const to = [...(interest.get(topic) ?? [])];
            const mail = to.map((name) => ({ to: name, bytes: letter(id) }));
            const { outcome } = await node.commit({ matchedAt: known, mail });
            if (outcome === 'committed') break;
            staleBatches += 1;
            const news = await node.journal.interestSince(known);
            known = news.epoch;
            for (const { node: whose, filter, live: isLive } of news.changes) {
              const names = interest.get(filter) ?? new Set();
              interest.set(filter, names);
              if (isLive) names.add(whose);
              else names.delete(whose);
            }
          }
          published.push({ id, topic, from, until: tick() });
        }
      }
    };
    await Promise.all(all.map(live));
    const inboxes = new Map<string, ReadonlySet<string>>();
    for (const node of all) inboxes.set(node.name, new Set(await node.inbox()));
    const due = published.flatMap((message) =>
      subscribed
        .filter(
          ({ node, topic, from, until }) =>
            !message.id.startsWith(node) &&
            topic === message.topic &&
            from < message.from &&
            until > message.until,
        )
        .map(({ node }) => ({ node, id: message.id })),
    );
    expect(due.filter(({ node, id }) => inboxes.get(node)?.has(id) !== true)).toEqual([]);
    // Otherwise it has shown nothing.
    expect(due.length).toBeGreaterThan(10);
    expect(staleBatches).toBeGreaterThan(0);
  });
});
