import { createMemoryHub } from '@gatehouse/bus';
import type { RetainedLeft } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { openDurability, readJournal } from '../src/journal/durability.ts';
import { createMessage } from '../src/router/message.ts';
import { simulatedBroker } from './simulation/site.ts';
import { ClusterDisk } from './support/cluster-disk.ts';
import { startClusterNode } from './support/cluster-node.ts';
import { FakeClock } from './support/fake-clock.ts';
import { JournalDisk } from './support/journal-disk.ts';

const clock = new FakeClock();

const retained = (topic: string, text: string, expirySeconds?: number) =>
  createMessage(
    {
      topic,
      payload: Buffer.from(text),
      qos: 1,
      retain: true,
      properties: Buffer.alloc(0),
      publisher: 'p',
      expirySeconds,
    },
    clock,
  );

/** What several nodes have left, as their database has it. */
async function leftBy(...messages: readonly ReturnType<typeof retained>[]) {
  const disk = new ClusterDisk();
  const links = disk.join('gone');
  const { context } = await startClusterNode(links, createMemoryHub().join('gone'), clock);
  for (const message of messages) context.retained.set(message);
  await context.journal.settled();
  const { news } = await links.store.retainedSince(undefined);
  const rows = new Map(news.flatMap(({ topic, bytes }) => (bytes === undefined ? [] : [[topic, bytes]])));
  const left: RetainedLeft = {
    read: () => Promise.resolve([...rows].map(([topic, bytes]) => ({ topic, bytes }))),
    forget: (topics) => {
      for (const topic of topics) rows.delete(topic);
      return Promise.resolve();
    },
  };
  return { rows, left };
}

async function alone(disk: JournalDisk, left: RetainedLeft) {
  const context = simulatedBroker(clock);
  await openDurability(context, await readJournal(disk.open, clock), { retainedLeft: () => left });
  const texts = context.retained.messages().map(({ topic, payload }) => `${topic} ${payload.toString()}`);
  return { context, texts };
}

test('retained messages of several nodes are those of the one that goes on by itself, after its restart too, and theirs no more', async () => {
  const { rows, left } = await leftBy(retained('a', 'one'), retained('b/c', 'two'), retained('gone', 'x', 1));
  clock.advance(2_000);
  const disk = new JournalDisk();
  expect((await alone(disk, left)).texts).toEqual(['a one', 'b/c two']);
  expect([...rows.keys()]).toEqual([]);
  expect((await alone(disk, left)).texts).toEqual(['a one', 'b/c two']);
});

test('what the one has itself is newer than what several have left', async () => {
  const { left } = await leftBy(retained('a', 'theirs'));
  const disk = new JournalDisk();
  const nothing: RetainedLeft = { read: () => Promise.resolve([]), forget: () => Promise.resolve() };
  const { context } = await alone(disk, nothing);
  context.retained.set(retained('a', 'own'));
  await context.journal.settled();
  expect((await alone(disk, left)).texts).toEqual(['a own']);
});

test('while the disk takes nothing they stay where they are', async () => {
  const { rows, left } = await leftBy(retained('a', 'one'));
  const disk = new JournalDisk();
  const context = simulatedBroker(clock);
  const read = await readJournal(disk.open, clock);
  disk.lands = false;
  const opening = openDurability(context, read, { retainedLeft: () => left });
  await disk.flying();
  expect([...rows.keys()]).toEqual(['a']);
  disk.lands = true;
  disk.land();
  await opening;
  expect([...rows.keys()]).toEqual([]);
});
