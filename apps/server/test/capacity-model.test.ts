import { expect, test } from 'vitest';
import { capacityOf, ROOM, type Costs, type Profile } from '../../../bench/lib/capacity-model.mjs';

/** Round numbers, so that what comes out can be computed by hand. */
const COSTS: Costs = {
  single: { connectUs: 500, refusedUs: 1_000, qos0Us: 10, qos1Us: 20, credentialBytes: 1_024 },
  house: {
    connectNodeUs: 1_000,
    connectPostgresUs: 500,
    refusedNodeUs: 1_000,
    refusedPostgresUs: 400,
    credentialBytes: 2_048,
  },
  idle: { nodeCores: 0.01, postgresCores: 0.002, natsCores: 0.001 },
  local: {
    qos0: { nodeUs: 10, postgresUs: 0, natsUs: 0 },
    qos1: { nodeUs: 40, postgresUs: 20, natsUs: 0 },
  },
  across: {
    qos0: { nodeUs: 30, postgresUs: 0, natsUs: 10 },
    qos1: { nodeUs: 80, postgresUs: 60, natsUs: 20 },
  },
  connectArgon2idUs: 20_000,
  connectionKiB: 16,
  keptSessionKiB: 8,
  queuedMessageBytes: 512,
  queuedMessageDiskBytes: 256,
  emptyMiB: 256,
};

const FLEET: Profile = {
  devices: 6_000,
  messagesPerMinute: 10,
  reliableShare: 0,
  keptShare: 0,
  queuedEach: 0,
  connectsPerDay: 0,
  refusedPerSecond: 0,
};

test('one node: what its messages and connections cost, and nothing of PostgreSQL and NATS', () => {
  const it = capacityOf({ ...FLEET, refusedPerSecond: 10 }, COSTS);
  expect(it.nodes).toBe(1);
  expect(it.messagesPerSecond).toBe(1_000);
  // 1 000 messages of 10 µs, 10 refusals of 1 000 µs.
  expect(it.nodeCores).toBeCloseTo(0.02, 10);
  expect([it.postgresCores, it.natsCores, it.houses]).toEqual([0, 0, 1]);
  expect(it.nodeGiB).toBeCloseTo((6_000 * 16) / 2 ** 20 + 0.25, 10);
  expect(it.allBackSeconds).toBeCloseTo(3, 10);
});

test('of several nodes the share of messages that cross costs what crossing costs, and each node what it costs when nobody is there', () => {
  const it = capacityOf({ ...FLEET, nodesMin: 2, reliableShare: 0.5 }, COSTS);
  // Half of 1 000 messages a second stay; of each kind there are 500.
  expect(it.nodeCores).toBeCloseTo(2 * 0.01 + (500 * 20 + 500 * 60) / 1e6, 10);
  expect(it.postgresCores).toBeCloseTo(2 * 0.002 + (500 * 40) / 1e6, 10);
  expect(it.natsCores).toBeCloseTo(2 * 0.001 + (500 * 5 + 500 * 10) / 1e6, 10);
});

test('nodes are added until each has room, and no more', () => {
  const many = { ...FLEET, devices: 6_000_000 };
  const it = capacityOf(many, COSTS);
  expect(it.nodeCores / it.nodes).toBeLessThanOrEqual(ROOM.nodeCores);
  expect(it.nodeGiB).toBeLessThanOrEqual(ROOM.nodeGiB);
  const fewer = capacityOf({ ...many, devices: 6_000_000 * 0.97 }, COSTS);
  expect(fewer.nodes).toBeLessThan(it.nodes);
});

test('where memory is what lacks it is named, and nodes are added for it', () => {
  const it = capacityOf({ ...FLEET, devices: 1_000_000, messagesPerMinute: 0.001 }, COSTS);
  expect(it.first).toBe('memory of each node');
  // 15.26 GiB of connections on nodes with 3.75 GiB beside what an empty one takes.
  expect(it.nodes).toBe(5);
});

test('what PostgreSQL cannot take is divided among houses, not among nodes', () => {
  const it = capacityOf({ ...FLEET, devices: 6_000_000, reliableShare: 1, nodesMin: 3 }, COSTS);
  expect(it.first).toBe('PostgreSQL');
  expect(it.houses).toBe(Math.ceil(it.postgresCores / ROOM.postgresCores));
  expect(it.houses).toBeGreaterThan(1);
});

test('kept sessions and what waits in them take memory and disk', () => {
  const kept = capacityOf({ ...FLEET, keptShare: 0.5, queuedEach: 4 }, COSTS);
  const none = capacityOf(FLEET, COSTS);
  expect((kept.nodeGiB - none.nodeGiB) * 2 ** 20).toBeCloseTo(3_000 * 8 + (3_000 * 4 * 512) / 1_024, 3);
  expect((kept.diskGiB - none.diskGiB) * 2 ** 30).toBeCloseTo(3_000 * 4 * 256, 3);
});

test('passwords that people chose decide how long it takes until all are back', () => {
  const it = capacityOf({ ...FLEET, chosenPasswords: true }, COSTS);
  expect(it.allBackSeconds).toBeCloseTo((6_000 * 20_000) / 1e6 / ROOM.hashThreads, 10);
});
