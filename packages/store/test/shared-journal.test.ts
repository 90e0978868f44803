import type { SharedJournalStore } from '@gatehouse/ports';
import { beforeEach, describe, expect, test } from 'vitest';
import { everything, journalContract } from './support/journals.ts';
import { filters, sharedPart, testCluster, type TestNode } from './support/nodes.ts';
import { describePostgresql } from './support/stores.ts';

const letter = (text: string): Buffer => Buffer.from(text);

describePostgresql('the journal of a node among others', (prepare) => {
  const nodes = testCluster(prepare);

  describe('keeps the contract of journals:', () => {
    let current: TestNode;
    beforeEach(async () => {
      current = await nodes.node('a');
    });
    journalContract({
      journal: () => current.journal,
      reopen: async () => {
        await current.kill();
        current = await nodes.node('a');
      },
    });
  });

  test('a batch carries its mail: it is in the inbox of the other when the batch is committed, in order', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    await a.commit({ mail: ['1', '2', '3'].map((text) => ({ to: 'b', bytes: letter(text) })) });
    const letters = await b.journal.letters([]);
    expect(letters.map(({ from, bytes }) => [from, bytes.toString()])).toEqual([
      ['a', '1'],
      ['a', '2'],
      ['a', '3'],
    ]);
    const [first, second] = letters.map(({ id }) => id);
    expect((await b.journal.letters([first ?? 0])).map(({ bytes }) => bytes.toString())).toEqual(['2', '3']);
    await b.commit({ taken: [first ?? 0, second ?? 0] });
    expect(await b.inbox()).toEqual(['3']);
  });

  test('letters are done with by whose inbox they are in alone', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    await a.commit({ mail: [{ to: 'b', bytes: letter('kept') }] });
    const [{ id } = { id: 0 }] = await b.journal.letters([]);
    await a.commit({ taken: [id] });
    expect(await b.inbox()).toEqual(['kept']);
  });

  test('the same bytes to many, and none at all, arrive as they were sent', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    const c = await nodes.node('c');
    const same = letter('the same');
    await a.commit({
      mail: [
        { to: 'b', bytes: same },
        { to: 'c', bytes: same },
        { to: 'b', bytes: letter('') },
        { to: 'b', bytes: letter('last') },
      ],
    });
    expect(await b.inbox()).toEqual(['the same', '', 'last']);
    expect(await c.inbox()).toEqual(['the same']);
  });

  test('interest is told to the others with the epoch it leads to, and what is so already changes nothing', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    expect(await a.commit({ listens: [...filters('x', 'y'), { filter: 'x', group: 'g' }] })).toEqual({
      outcome: 'committed',
      epoch: 1,
    });
    expect(await b.journal.interestSince(0)).toEqual({
      epoch: 1,
      changes: expect.arrayContaining([
        { node: 'a', filter: 'x', group: '', live: true },
        { node: 'a', filter: 'y', group: '', live: true },
        { node: 'a', filter: 'x', group: 'g', live: true },
      ]) as unknown,
    });
    expect(await a.commit({ listens: filters('x'), unlistens: filters('never') })).toMatchObject({
      epoch: 1,
    });
    expect(await a.commit({ unlistens: filters('x') })).toMatchObject({ epoch: 2 });
    expect(await b.journal.interestSince(1)).toEqual({
      epoch: 2,
      changes: [{ node: 'a', filter: 'x', group: '', live: false }],
    });
    // How it has changed its own it knows.
    expect(await a.journal.interestSince(0)).toEqual({ epoch: 2, changes: [] });
  });

  test('a batch that was matched before interest changed is stale, and nothing of it is written', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    await b.commit({ listens: filters('x') });
    const stale = await a.commit({
      matchedAt: 0,
      mail: [{ to: 'b', bytes: letter('no') }],
      retained: [{ topic: 't', bytes: letter('no'), unlessKnown: false }],
    });
    expect(stale).toEqual({ outcome: 'stale' });
    expect(await b.inbox()).toEqual([]);
    expect(await everything(a.journal)).toEqual([]);
    expect((await a.cluster.retainedSince(undefined)).news).toEqual([]);
    expect(await a.commit({ matchedAt: 1, mail: [{ to: 'b', bytes: letter('yes') }] })).toEqual({
      outcome: 'committed',
      epoch: 1,
    });
    expect(await b.inbox()).toEqual(['yes']);
  });

  test('nothing is written for a batch that neither records anything nor does anything for others', async () => {
    const a = await nodes.node('a');
    const nothing = { number: 1, bytes: new Uint8Array(1) };
    expect(await a.journal.commit(nothing, sharedPart({ matchedAt: 0 }))).toEqual({
      outcome: 'committed',
      epoch: 0,
    });
    expect(await everything(a.journal)).toEqual([]);
    await a.journal.commit(
      nothing,
      sharedPart({ retained: [{ topic: 't', bytes: undefined, unlessKnown: false }] }),
    );
    expect(await everything(a.journal)).toHaveLength(1);
  });

  test('ten thousand filters, letters, topics and client IDs go into one batch', async () => {
    const a = await nodes.node('a');
    const b = await nodes.node('b');
    const c = await nodes.node('c');
    const names = Array.from({ length: 10_000 }, (_, index) => `level/${index}/"{,}\\ü`);
    await a.commit({
      listens: filters(...names),
      mail: names.map((name) => ({ to: 'b', bytes: letter(name) })),
      retained: names.map((topic) => ({ topic, bytes: letter(topic), unlessKnown: false })),
      released: names,
      transfers: names.map((clientId) => ({
        clientId,
        to: 'c',
        listens: filters(clientId),
        letter: letter(clientId),
        forward: letter(''),
      })),
    });
    expect(await readAll(c.journal)).toEqual(names);
    const asked = names.map((clientId) => ({ clientId, owner: 'o', force: false, letter: letter('?') }));
    expect(new Set((await c.cluster.claim(asked)).map(({ outcome }) => outcome))).toEqual(new Set(['yours']));
    const { changes } = await b.journal.interestSince(0);
    for (const node of ['a', 'c'])
      expect(
        changes
          .filter((change) => change.node === node)
          .map(({ filter }) => filter)
          .toSorted(),
      ).toEqual(names.toSorted());
    expect(await readAll(b.journal)).toEqual(names);
    const { news } = await b.cluster.retainedSince(undefined);
    expect(news.map(({ topic, bytes }) => bytes?.toString() === topic)).toEqual(names.map(() => true));
  });

  async function readAll(journal: SharedJournalStore): Promise<string[]> {
    const known: number[] = [];
    const texts: string[] = [];
    for (;;) {
      const some = await journal.letters(known);
      if (some.length === 0) return texts;
      known.push(...some.map(({ id }) => id));
      texts.push(...some.map(({ bytes }) => bytes.toString()));
    }
  }
});
