// docs/reference/capacity.md: the measured coefficients, and what the model makes of them.
import { capacityOf, costsOf, ROOM } from '../bench/lib/capacity-model.mjs';
import { readResult } from '../bench/lib/results.mjs';
import { emit } from './lib/generated.mjs';

const result = readResult('capacity');
const costs = costsOf(result);
const { one, hashes, kept, stores, nodes, connects, machine } = result;

const number = (value, digits = 0) =>
  value.toLocaleString('en', { maximumFractionDigits: digits }).replaceAll(',', ' ');
const significant = (value) => Number(value.toPrecision(2)).toLocaleString('en').replaceAll(',', ' ');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const span = (seconds) =>
  seconds < 90
    ? `${significant(seconds)} s`
    : seconds < 5_400
      ? `${significant(seconds / 60)} min`
      : `${significant(seconds / 3_600)} h`;

/** A sensor that tells something every half minute; one of five messages and sessions has to arrive whatever happens. */
const SENSOR = {
  messagesPerMinute: 2,
  reliableShare: 0.2,
  keptShare: 0.2,
  queuedEach: 5,
  connectsPerDay: 2,
};
const FLEETS = [
  ['1 000', { ...SENSOR, devices: 1_000, refusedPerSecond: 1 }],
  [
    '1 000, on three nodes so that one may fail',
    { ...SENSOR, devices: 1_000, refusedPerSecond: 1, nodesMin: 3 },
  ],
  ['100 000', { ...SENSOR, devices: 100_000, refusedPerSecond: 10, nodesMin: 3 }],
  [
    '100 000, passwords that people chose',
    { ...SENSOR, devices: 100_000, refusedPerSecond: 10, nodesMin: 3, chosenPasswords: true },
  ],
  [
    '100 000, all messages QoS 1 into kept sessions',
    { ...SENSOR, devices: 100_000, refusedPerSecond: 10, nodesMin: 3, reliableShare: 1, keptShare: 1 },
  ],
  ['10 000 000', { ...SENSOR, devices: 10_000_000, refusedPerSecond: 1_000, nodesMin: 3 }],
];

const fleets = FLEETS.map(([name, profile]) => {
  const it = capacityOf(profile, costs);
  return [
    name,
    significant(it.messagesPerSecond),
    number(it.nodes),
    `${significant(it.nodeCores)} cores, ${significant(it.nodeGiB)} GiB each`,
    it.postgresCores === 0
      ? '– (SQLite)'
      : `${significant(it.postgresCores)} cores, ${significant(it.diskGiB)} GiB`,
    it.natsCores === 0 ? '–' : `${significant(it.natsCores)} cores`,
    span(it.allBackSeconds),
    `${it.first}, ${number(it.share * 100)} %`,
    number(it.houses),
  ];
});

const ofNodes = Object.entries(nodes).flatMap(([count, measured]) =>
  [
    ['qos0', 'QoS 0'],
    ['qos1', 'QoS 1, into sessions that end with their client'],
    ['qos1Kept', 'QoS 1, into sessions that are kept'],
  ].map(([key, name]) => {
    const { perSecond, nodeUs, postgresUs, natsUs, messagesPerCommit } = measured[key];
    return [
      count,
      name,
      number(perSecond),
      number(nodeUs, 1),
      number(postgresUs, 1),
      number(natsUs, 1),
      messagesPerCommit === null ? '–' : number(messagesPerCommit, 1),
    ];
  }),
);

await emit(
  'docs/reference/capacity.md',
  `# Capacity

<!-- Generated from bench/results/capacity.json by \`npm run docs\`; do not edit. -->

What a fleet takes, which part bounds first, and what to add. The costs of single things are measured (\`node bench/capacity.mjs\`); what they come to for a fleet is **computed** from them
(\`bench/lib/capacity-model.mjs\`): nobody here has had ten million devices. Costs are CPU time of whole process trees. They were taken on a machine of ${machine.cores} cores (${machine.cpu})
that other work kept busy at the same time (load ${number(machine.loadAverage1m, 1)}), where the same thing costs two to three times what it does on a quiet one ([Performance](performance.md)): take them as an upper bound.

## Fleets, computed

A device of these fleets is a sensor: ${SENSOR.messagesPerMinute} messages a minute of 100 bytes, each to one subscriber; ${SENSOR.reliableShare * 100} % of them QoS 1, ${SENSOR.keptShare * 100} % of sessions kept, with ${SENSOR.queuedEach} messages waiting in each; ${SENSOR.connectsPerDay} logins a day with
a generated secret.

${table(['devices', 'messages/s', 'nodes', 'all nodes', 'PostgreSQL', 'NATS', 'all back after an outage', 'bounds first, used of its room', 'houses'], fleets)}

- **Room**: of each node ${ROOM.nodeCores * 100} % of one core, as one thread moves its messages, and ${ROOM.nodeGiB} GiB; of PostgreSQL ${ROOM.postgresCores} cores, half of a primary with eight; of NATS ${ROOM.natsCores} cores, half of a server with four. The rest is for what comes at once.
- **All back**: when every device logs in anew and no node remembers a password, as after all were restarted. Chosen passwords are hashed with argon2id on ${ROOM.hashThreads} threads a node, and who comes too early is told that the server is busy.
- **Houses**: more than one where PostgreSQL or NATS does not suffice however many nodes there are: several Gatehouses, each with its own PostgreSQL and NATS, and devices divided among them by name; messages between them go through a client that
  subscribes to one and publishes to the other. PostgreSQL is one primary: it does not grow by adding nodes.

## Which part bounds, and what to add

| what you see                                                        | what bounds           | what to add                                                                                                         |
| ------------------------------------------------------------------- | --------------------- | ------------------------------------------------------------------------------------------------------------------- |
| a node at a core, latency grows                                     | the thread of a node  | nodes; subscribers near their publishers make fewer messages cross                                                  |
| a node's memory grows with devices                                  | memory                | nodes, or memory; shorter session expiry, smaller queues                                                            |
| logins wait or are told _busy_ after an outage                      | hashing               | generated secrets instead of chosen passwords (${number(hashes.connectArgon2idUs / one.connectGeneratedUs)} times cheaper); cores                                        |
| PUBACKs wait, PostgreSQL busy                                       | PostgreSQL            | a faster disk for its log, cores; QoS 0 for what may be lost; a house more                                          |
| NATS busy                                                           | NATS                  | a cluster of three; a house more                                                                                    |
| PostgreSQL busy while many are refused                              | the record of refused | let the firewall stop who floods; [blocks](../guides/blocked-clients.md) by network cost less than refusals         |

## What single things cost, measured

One node with SQLite:

${table(
  ['what', 'CPU each', ''],
  [
    ['login with a generated secret', `${number(one.connectGeneratedUs)} µs`, ''],
    [
      'login with a chosen password, argon2id, not remembered',
      `${number(hashes.connectArgon2idUs)} µs`,
      'on threads of its own',
    ],
    ['client that is refused for its password, recorded', `${number(one.refusedUs)} µs`, ''],
    [
      'message of QoS 0, one at a time',
      `${number(one.qos0Us, 1)} µs`,
      `10 000 a second by 100 clients: ${number(one.qos0SparseUs, 1)}; ten at a time: ${number(one.qos0DenseUs, 1)}`,
    ],
    ['message of QoS 1, ten at a time', `${number(one.qos1Us, 1)} µs`, ''],
    ['message of QoS 2, ten at a time', `${number(one.qos2Us, 1)} µs`, ''],
    ['copy of a message for one of 1 000 subscribers', `${number(one.fanoutUs, 1)} µs`, ''],
    [
      'message of QoS 1 into a session that is away, and out of it',
      `${number(one.queuedInUs, 1)} µs + ${number(one.queuedOutUs, 1)} µs`,
      'on the disk before it is acknowledged',
    ],
  ],
)}

${table(
  ['what', 'memory', 'disk'],
  [
    ['server without clients', `${number(kept.emptyMiB)} MiB`, ''],
    ['connection', `${number(one.connectionKiB, 1)} KiB`, ''],
    ['session that is kept, its client away', `${number(kept.keptSessionKiB, 1)} KiB`, ''],
    [
      'message of 100 bytes that waits in one',
      `${number(kept.queuedMessageBytes)} B`,
      `${number(kept.queuedMessageDiskBytes)} B`,
    ],
    ['credential with two rules, SQLite', '', `${number(stores.sqlite.credentialBytes)} B`],
    ['credential with two rules, PostgreSQL', '', `${number(stores.postgresql.credentialBytes)} B`],
  ],
)}

${table(
  ['store', 'credentials imported', 'refused client, the node', 'refused client, PostgreSQL'],
  [
    [
      'SQLite',
      `${number(stores.sqlite.importPerSecond)} rows/s`,
      `${number(stores.sqlite.refusedNodeUs)} µs`,
      '–',
    ],
    [
      'PostgreSQL',
      `${number(stores.postgresql.importPerSecond)} rows/s`,
      `${number(stores.postgresql.refusedNodeUs)} µs`,
      `${number(stores.postgresql.refusedPostgresUs)} µs`,
    ],
  ],
)}

With nobody there, each of three nodes takes ${number((nodes[3].idle.nodeCores / 3) * 100, 1)} % of a core, ${number((nodes[3].idle.postgresCores / 3) * 100, 1)} % of PostgreSQL's and ${number((nodes[3].idle.natsCores / 3) * 100, 1)} % of NATS's, for leases and looking for what has come; the table
below leaves that out, the model counts it.

A login at one of several nodes claims its client ID there: ${number(connects.nodeUs)} µs of the node and ${number(connects.postgresUs)} µs of PostgreSQL.

## One, two, three nodes, measured

60 pairs of clients, 30 messages of 100 bytes under way in each; each publisher is at one node and its subscriber at the next, so that with two and three nodes **every** message crosses. All nodes, PostgreSQL, NATS and the
generators shared the same ${machine.cores} cores with other work: how many came in a second says how little of them was left, what a message costs says more, though few messages make each one dearer.

${table(['nodes', 'messages', 'a second', 'nodes, µs', 'PostgreSQL, µs', 'NATS, µs', 'messages a commit'], ofNodes)}

A message that stays at its node costs what the first lines say; the model mixes the two by how many cross, which for n nodes and subscribers anywhere is (n − 1)/n of all.
`,
);
