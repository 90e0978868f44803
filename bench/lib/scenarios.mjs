// What is measured, and what is asked of it. Targets compare medians: of `metric` of Gatehouse (or `peer`), divided by that
// of the peer in `against`, if any.

const MESSAGES = 1_000_000;
const CONNECTS = 1_000;
const PAYLOAD_BYTES = 100;
/** CONNACK codes of a refusal; 3 is for who guesses too fast. */
const REFUSED = [3, 4, 5];

/** 100 publishers, each with a topic and a subscriber of its own. */
const pairs = (qos, options) => ({
  kind: 'flow',
  options: { qos, publishers: 100, subscribers: 100, topics: 100, payloadBytes: PAYLOAD_BYTES, ...options },
});
const throughput = (atLeast) => ({ metric: 'perSecond', against: 'mosquitto', atLeast });
/** NATS is not among the peers; this is what it needed on a machine of two cores. */
const cpuBelowNats = (atMost) => ({ metric: 'cpuSecondsPerUnit', atMost });

/**
 * @typedef {object} Scenario
 * @property {string} title
 * @property {'steady'|'idle'|'backlog'} run how it is measured, see `runs.mjs`
 * @property {number} per CPU seconds are told per so many messages or connects
 * @property {{kind: string, options: object}} load
 * @property {{kind: string, options: object}} [beside] load by another process, not counted
 * @property {number} [users] credentials, by default one
 * @property {boolean} [chosen] passwords that a person chose, which Gatehouse hashes with argon2id
 * @property {Record<string, string>} [also] further peers, each measured when the one it is named for is
 * @property {object[]} targets
 */

/** @type {Record<string, Scenario>} */
export const SCENARIOS = {
  A: {
    title: 'connect, right password, 64 in flight',
    run: 'steady',
    per: CONNECTS,
    load: { kind: 'connects', options: { who: 'good', expected: [0], inFlight: 64 } },
    also: { 'mosquitto-100k': 'mosquitto' },
    targets: [throughput(0.75), { metric: 'perSecond', against: 'mosquitto-100k', atLeast: 20 }],
  },
  B: {
    title: 'refused storm, wrong passwords of 100 users, distinct client IDs and addresses, 64 in flight',
    run: 'steady',
    per: CONNECTS,
    load: { kind: 'connects', options: { who: 'guess', expected: REFUSED, inFlight: 64 } },
    users: 100,
    targets: [throughput(0.6), { metric: 'notAccountedFor', atMost: 0 }],
  },
  B1: {
    // No target for the throughput: who asks for nobody is told so at once by the others, and later, on purpose, by Gatehouse.
    title: 'refused storm, distinct client IDs and unknown usernames, one address, 64 in flight',
    run: 'steady',
    per: CONNECTS,
    load: { kind: 'connects', options: { who: 'unknown', expected: REFUSED, inFlight: 64 } },
    targets: [{ metric: 'notAccountedFor', atMost: 0 }],
  },
  C: {
    title: 'QoS 0, 100 pairs, window 10',
    run: 'steady',
    per: MESSAGES,
    load: pairs(0, { window: 10 }),
    targets: [throughput(4), cpuBelowNats(4.2)],
  },
  C1: {
    title: 'QoS 0, 100 pairs, window 1',
    run: 'steady',
    per: MESSAGES,
    load: pairs(0, { window: 1 }),
    targets: [throughput(0.85)],
  },
  D: {
    title: 'QoS 1, 100 pairs, window 10',
    run: 'steady',
    per: MESSAGES,
    load: pairs(1, { window: 10 }),
    targets: [throughput(3)],
  },
  E: {
    title: 'fan-out 1 → 1000, QoS 0, window 10',
    run: 'steady',
    per: MESSAGES,
    load: pairs(0, { publishers: 1, subscribers: 1_000, topics: 1, window: 10 }),
    targets: [throughput(6), cpuBelowNats(2.5)],
  },
  F: {
    title: 'fan-in 500 → 5, QoS 1, window 10',
    run: 'steady',
    per: MESSAGES,
    load: pairs(1, { publishers: 500, subscribers: 5, topics: 5, window: 10 }),
    targets: [throughput(2.5)],
  },
  G: {
    title: '10 000 idle connections',
    run: 'idle',
    per: CONNECTS,
    load: { kind: 'idle', options: { count: 10_000 } },
    targets: [{ metric: 'kibEach', atMost: 9 }],
  },
  H: {
    title: 'QoS 2, 100 pairs, window 10',
    run: 'steady',
    per: MESSAGES,
    load: pairs(2, { window: 10 }),
    targets: [throughput(2.5)],
  },
  I: {
    title: '100 000 QoS 1 messages to 100 offline sessions, then drain',
    run: 'backlog',
    per: MESSAGES,
    load: {
      kind: 'backlog',
      options: { sessions: 100, messagesEach: 1_000, window: 10, payloadBytes: PAYLOAD_BYTES, msMax: 60_000 },
    },
    also: { 'gatehouse-memory': 'gatehouse' },
    targets: [
      { metric: 'inPerSecond', against: 'mosquitto', atLeast: 0.5 },
      { metric: 'outPerSecond', against: 'mosquitto', atLeast: 0.5 },
      { metric: 'inPerSecond', peer: 'gatehouse-memory', against: 'mosquitto', atLeast: 1 },
      { metric: 'outPerSecond', peer: 'gatehouse-memory', against: 'mosquitto', atLeast: 1 },
    ],
  },
  L: {
    title: 'latency at 10 000 messages per second, QoS 0, 100 pairs',
    run: 'steady',
    per: MESSAGES,
    load: pairs(0, { window: 1, rate: 10_000 }),
    targets: [{ metric: 'p99Ms', against: 'mosquitto', atMost: 1 }],
  },
  S: {
    title: '2 000 messages per second, QoS 1, during 500 wrong passwords per second',
    run: 'steady',
    per: MESSAGES,
    load: pairs(1, { window: 1, rate: 2_000 }),
    beside: { kind: 'connects', options: { who: 'guess', expected: REFUSED, rate: 500 } },
    users: 100,
    chosen: true,
    also: { 'mosquitto-100k': 'mosquitto' },
    targets: [{ metric: 'p99Ms', atMost: 6 }],
  },
};
