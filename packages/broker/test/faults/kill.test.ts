import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { History } from './history.ts';
import { type KillPoint, MortalBroker } from './process.ts';
import { SturdyClient } from './sturdy-client.ts';

/** Rounds of kill -9 in a flow: few in `npm test`, 100 in `npm run faults`. */
const ROUNDS = Number(process.env['GATEHOUSE_FAULT_ROUNDS'] ?? 5);
/** Messages between two kills, about; the moment is wherever the flow is then. */
const MESSAGES_PER_ROUND = 200;
const WINDOW = 20;

let broker: MortalBroker;
let history: History;
let publisher: SturdyClient;
let subscriber: SturdyClient;

beforeEach(() => {
  broker = new MortalBroker();
  history = new History();
  publisher = new SturdyClient('publisher', history);
  subscriber = new SturdyClient('subscriber', history);
});
afterEach(async () => {
  await Promise.all([publisher.close(), subscriber.close()]);
  await broker.dispose();
});

async function connect(): Promise<void> {
  expect(await subscriber.connect(broker.port)).toBe(true);
  expect(await publisher.connect(broker.port)).toBe(true);
}

/** A last message that is received says that all before it were, or never will be. */
async function settle(qos: 1 | 2): Promise<void> {
  publisher.publish('last', qos);
  await publisher.below(1);
  await history.until('last');
}

describe('kill -9 in a flow', () => {
  test(
    `no acknowledged QoS 1 message is lost in ${ROUNDS} rounds, and what comes again is flagged`,
    async () => {
      await broker.start();
      await connect();
      await subscriber.subscribe('t', 1);
      let sent = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const killed = (async () => {
          // Somewhere within the round: what is on its way differs from round to round.
          await history.acknowledgedAtLeast(round * MESSAGES_PER_ROUND + 50 + round);
          await broker.kill();
        })();
        for (let count = 0; count < MESSAGES_PER_ROUND; count += 1) {
          await publisher.below(WINDOW);
          sent += 1;
          publisher.publish(`message ${sent}`, 1);
        }
        await killed;
        await broker.start();
        await connect();
      }
      await settle(1);
      expect(history.acknowledgedCount).toBe(sent + 1);
      expect(history.lost()).toEqual([]);
      expect(history.unflagged()).toEqual([]);
    },
    60_000 + ROUNDS * 10_000,
  );
});

/** Both directions of QoS 2: from the publisher (received, released) and to the subscriber (delivery, its end). */
const POINTS: readonly (readonly [string, KillPoint])[] = [
  ['before a publish is stored', { side: 'before', kind: 'received', nth: 3 }],
  ['after it, before PUBREC', { side: 'after', kind: 'received', nth: 3 }],
  ['before a release is stored', { side: 'before', kind: 'receivedReleased', nth: 3 }],
  ['after it, before PUBCOMP', { side: 'after', kind: 'receivedReleased', nth: 3 }],
  ['before a delivery is stored', { side: 'before', kind: 'delivery', nth: 4 }],
  ['after it, before PUBLISH', { side: 'after', kind: 'delivery', nth: 4 }],
  ['before PUBREC of the subscriber is stored', { side: 'before', kind: 'deliveryReleased', nth: 3 }],
  ['after it, before PUBREL', { side: 'after', kind: 'deliveryReleased', nth: 3 }],
  ['before the end of a delivery is stored', { side: 'before', kind: 'deliveryDone', nth: 3 }],
];

describe('QoS 2 is delivered exactly once when the server is killed', () => {
  test.each(POINTS)('%s', async (_, point) => {
    await broker.start();
    await connect();
    await subscriber.subscribe('t', 2);
    await Promise.all([publisher.close(), subscriber.close()]);
    await broker.kill();
    await broker.start(point);
    await connect();
    const dying = broker.died();
    for (let count = 1; count <= 8; count += 1) {
      // One after the other: each has batches of its own.
      publisher.publish(`message ${count}`, 2);
      await publisher.below(1);
    }
    await dying;
    await broker.start();
    await connect();
    await settle(2);
    expect(history.acknowledgedCount).toBe(9);
    expect(history.lost()).toEqual([]);
    expect(history.repeated()).toEqual([]);
  });
});
