// What a house of devices costs, part by part: the coefficients of docs/reference/capacity.md. `node bench/capacity.mjs [PART …]`
//
// CPU seconds are of whole process trees, from /proc: other work on the machine makes a run longer, not dearer.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startHouse } from './lib/house.mjs';
import { startGenerators } from './lib/load/generators.mjs';
import { machineFacts, processTree, residentMiB, round, treeCpuSeconds } from './lib/machine.mjs';
import { PEERS } from './lib/peers.mjs';
import { readResult, writeResult } from './lib/results.mjs';
import { RUNS } from './lib/runs.mjs';
import { SCENARIOS } from './lib/scenarios.mjs';
import { startServer } from './lib/server.mjs';
import { attempt, connectPacket, storm } from './lib/storm.mjs';

const WARM_UP_MS = 4_000;
const MEASURED_MS = 5_000;
const SETTLE_MS = 2_000;
const PAYLOAD_BYTES = 100;
const PAIRS = 60;
/** Messages under way in each pair. */
const WINDOW = 30;
const OPEN = ['limits.acceptRatePerSecondMax=1000000', 'limits.connectionsPerIpMax=0'];

const context = { seconds: 5, warmUpSeconds: 4, generators: 1, wrapGenerator: [], pinned: false };

/** A scenario of `messages.mjs` against a server of its own. */
async function scenario(id, changes = {}) {
  const { users = 1, ...described } = { ...SCENARIOS[id], ...changes };
  const peer = await PEERS.gatehouse({ wrap: [], users });
  try {
    return await RUNS[described.run](peer, described, context);
  } finally {
    await peer.stop();
  }
}

/** Messages and connects on one node with SQLite; µs of CPU for each. */
async function one() {
  const perMessage = ({ cpuSecondsPerUnit }) => round(cpuSecondsPerUnit, 2);
  const perConnect = ({ cpuSecondsPerUnit }) => round(cpuSecondsPerUnit * 1_000, 0);
  const backlog = await scenario('I');
  return {
    connectGeneratedUs: perConnect(await scenario('A')),
    refusedUs: perConnect(await scenario('B')),
    qos0Us: perMessage(await scenario('C1')),
    qos0DenseUs: perMessage(await scenario('C')),
    qos0SparseUs: perMessage(await scenario('L')),
    qos1Us: perMessage(await scenario('D')),
    qos2Us: perMessage(await scenario('H')),
    fanoutUs: perMessage(await scenario('E')),
    queuedInUs: round(backlog.cpuSecondsPerUnitIn, 2),
    queuedOutUs: round(backlog.cpuSecondsPerUnitOut, 2),
    connectionKiB: (await scenario('G')).kibEach,
  };
}

const treeMiB = (pid) => processTree(pid).reduce((sum, member) => sum + residentMiB(member), 0);
const fileMiB = (server, name) => {
  const size = (suffix) =>
    statSync(join(server.dataDir, name + suffix), { throwIfNoEntry: false })?.size ?? 0;
  return (size('') + size('-wal')) / 2 ** 20;
};

/** First logins with a password that a person chose: the whole of argon2id, which later ones are spared for a while. */
async function hashes() {
  const COUNT = 60;
  const server = await startServer(OPEN);
  try {
    const users = Array.from({ length: COUNT }, (_, index) => ({
      username: `person-${index}`,
      password: 'seven grey herons',
    }));
    for (const user of users) await server.api('POST', '/credentials', user);
    await pause(SETTLE_MS);
    const before = treeCpuSeconds(server.pid);
    for (const [index, user] of users.entries()) {
      const { code } = await attempt(server.ports.tcp, connectPacket({ clientId: `c-${index}`, ...user }));
      if (code !== 0) throw new Error(`CONNACK ${code}`);
    }
    return { connectArgon2idUs: round(((treeCpuSeconds(server.pid) - before) / COUNT) * 1e6, 0) };
  } finally {
    await server.stop();
  }
}

/** Sessions that wait for their client, and messages that wait in them: memory and journal. */
async function kept() {
  const SESSIONS = 20_000;
  const MESSAGES = 300_000;
  const server = await startServer([...OPEN, 'limits.queueMessagesMax=100000']);
  try {
    const { username, secret } = await server.api('POST', '/credentials', { username: 'kept' });
    const user = { username, password: secret };
    await storm(
      server.ports.tcp,
      1_000,
      64,
      (index) => connectPacket({ clientId: `warm-${index}`, ...user }),
      () => undefined,
    );
    await pause(SETTLE_MS);
    const empty = treeMiB(server.pid);
    const packetOf = (index) => connectPacket({ clientId: `kept-${index}`, ...user, cleanSession: false });
    await storm(server.ports.tcp, SESSIONS, 64, packetOf, () => undefined);
    await pause(SETTLE_MS);
    const withSessions = treeMiB(server.pid);
    const disk = fileMiB(server, 'journal.db');
    const load = {
      kind: 'backlog',
      options: {
        port: server.ports.tcp,
        users: [user],
        prefix: 'q',
        sessions: 100,
        messagesEach: MESSAGES / 100,
        window: 10,
        payloadBytes: PAYLOAD_BYTES,
        msMax: 100_000,
      },
    };
    const generators = await startGenerators([load], []);
    await generators.tell('prepare');
    await generators.tell('fill');
    await pause(SETTLE_MS);
    const full = treeMiB(server.pid);
    const fullDisk = fileMiB(server, 'journal.db');
    generators.stop();
    return {
      emptyMiB: round(empty, 0),
      keptSessionKiB: round(((withSessions - empty) * 1_024) / SESSIONS, 2),
      queuedMessageBytes: round(((full - withSessions) * 2 ** 20) / MESSAGES, 0),
      queuedMessageDiskBytes: round(((fullDisk - disk) * 2 ** 20) / MESSAGES, 0),
    };
  } finally {
    await server.stop();
  }
}

function csvOf(rows) {
  const lines = Array.from({ length: rows }, (_, index) => {
    const salt = `salt-${index}`;
    const hash = createHash('sha256').update(`${salt}password-${index}`).digest('hex');
    return `fleet-${index},"sha256,prefix:${hash}:${salt}",,fleet/${index}/#,cmd/${index}/#`;
  });
  return `username,password_hash,description,publish,subscribe\n${lines.join('\n')}\n`;
}

async function importCsv({ ports, key }, csv) {
  const response = await fetch(`http://127.0.0.1:${ports.api}/api/v1/credentials/import?onExisting=fail`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
    body: csv,
  });
  if (!response.ok) throw new Error(`import: ${response.status} ${await response.text()}`);
  await response.text();
}

/** Credentials on the disk, and what a refused client costs the node and its store. */
async function stores() {
  const ROWS = 20_000;
  const REFUSED = 10_000;
  const csv = csvOf(ROWS);
  const refusedOf = (index) =>
    connectPacket({ clientId: `refused-${index}`, username: `fleet-${index}`, password: 'wrong' });
  const addressOf = (index) => `127.${1 + ((index >> 16) & 63)}.${(index >> 8) & 255}.${1 + (index & 127)}`;
  const measure = async (node, postgresPid, sizeOf) => {
    const before = await sizeOf();
    const started = performance.now();
    await importCsv(node, csv);
    const seconds = (performance.now() - started) / 1_000;
    await pause(SETTLE_MS);
    const bytes = (await sizeOf()) - before;
    const cpu = () => [node.pid, ...(postgresPid ? [postgresPid] : [])].map(treeCpuSeconds);
    await storm(
      node.ports.tcp,
      2_000,
      64,
      (index) => refusedOf(index + REFUSED),
      () => undefined,
      (index) => addressOf(index + REFUSED),
    );
    const cpuBefore = cpu();
    await storm(node.ports.tcp, REFUSED, 64, refusedOf, () => undefined, addressOf);
    await pause(SETTLE_MS);
    const [ofNode, ofPostgres] = cpu().map((value, index) =>
      round(((value - cpuBefore[index]) / REFUSED) * 1e6, 0),
    );
    return {
      credentialBytes: round(bytes / ROWS, 0),
      importPerSecond: round(ROWS / seconds, 0),
      refusedNodeUs: ofNode,
      ...(ofPostgres === undefined ? {} : { refusedPostgresUs: ofPostgres }),
    };
  };
  const server = await startServer(OPEN);
  const house = await startHouse(1, OPEN);
  try {
    const [node] = house.nodes;
    return {
      sqlite: await measure(server, undefined, () => fileMiB(server, 'main.db') * 2 ** 20),
      postgresql: await measure(node, house.postgresPid, () =>
        house.ask(`SELECT pg_total_relation_size('credentials')`),
      ),
    };
  } finally {
    await server.stop();
    await house.stop();
  }
}

const partsOf = ({ nodes, postgresPid, natsPid }) => [
  nodes.reduce((total, { pid }) => total + treeCpuSeconds(pid), 0),
  treeCpuSeconds(postgresPid),
  treeCpuSeconds(natsPid),
];

/** CPU seconds of all nodes, PostgreSQL and NATS, and commits, while `work` goes on. */
async function spentWhile(house, work) {
  const commitsOf = () => house.ask('SELECT sum(xact_commit) FROM pg_stat_database');
  const commits = await commitsOf();
  const started = performance.now();
  const before = partsOf(house);
  await work();
  const spent = partsOf(house).map((value, index) => value - before[index]);
  const seconds = (performance.now() - started) / 1_000;
  return { spent, seconds, commits: (await commitsOf()) - commits };
}

/**
 * Pairs whose publisher is at one node and whose subscriber at the next, as dense as the machine gives. What nodes spend
 * when nobody is there is not counted to messages.
 */
async function pairs(house, user, idle, options) {
  const { nodes } = house;
  const share = PAIRS / nodes.length;
  const loads = nodes.map(({ ports }, index) => ({
    kind: 'flow',
    options: {
      port: ports.tcp,
      subscriberPort: nodes[(index + 1) % nodes.length].ports.tcp,
      users: [user],
      prefix: `g${index}-${options.name}`,
      publishers: share,
      subscribers: share,
      topics: share,
      window: WINDOW,
      payloadBytes: PAYLOAD_BYTES,
      ...options,
    },
  }));
  const generators = await startGenerators(loads, []);
  try {
    await generators.tell('prepare');
    await generators.tell('start');
    await pause(WARM_UP_MS);
    await generators.tell('begin');
    const { spent, seconds, commits } = await spentWhile(house, () => pause(MEASURED_MS));
    const ends = await generators.tell('end');
    const drained = await generators.tell('drain');
    const total = (of, key) => of.reduce((sum, each) => sum + each[key], 0);
    const perSecond = ends.reduce((sum, { count, seconds: its }) => sum + count / its, 0);
    const [nodeUs, postgresUs, natsUs] = spent.map((value, index) =>
      round(Math.max(0, (value / seconds - idle[index]) / perSecond) * 1e6, 1),
    );
    return {
      perSecond: Math.round(perSecond),
      nodeUs,
      postgresUs,
      natsUs,
      messagesPerCommit: commits > 0 ? round((perSecond * seconds) / commits, 1) : null,
      lost: total(drained, 'lost'),
      unacknowledged: total(drained, 'unacknowledged'),
    };
  } finally {
    generators.stop();
  }
}

/** One, two and three nodes with PostgreSQL and NATS. */
async function nodes() {
  const out = {};
  for (const count of [1, 2, 3]) {
    const house = await startHouse(count, OPEN);
    try {
      const { username, secret } = await house.nodes[0].api('POST', '/credentials', { username: 'pairs' });
      const user = { username, password: secret };
      await pause(SETTLE_MS);
      const { spent, seconds } = await spentWhile(house, () => pause(MEASURED_MS));
      const idle = spent.map((value) => value / seconds);
      const [nodeCores, postgresCores, natsCores] = idle.map((cores) => round(cores, 4));
      out[count] = {
        idle: { nodeCores, postgresCores, natsCores },
        qos0: await pairs(house, user, idle, { name: 'a', qos: 0 }),
        qos1: await pairs(house, user, idle, { name: 'b', qos: 1 }),
        qos1Kept: await pairs(house, user, idle, { name: 'c', qos: 1, kept: true }),
      };
    } finally {
      await house.stop();
    }
  }
  return out;
}

/** Logins at a node of several: each claims its client ID for this node. */
async function connects() {
  const COUNT = 6_000;
  const house = await startHouse(2, OPEN);
  try {
    const [node] = house.nodes;
    const { username, secret } = await node.api('POST', '/credentials', { username: 'logins' });
    const run = (count, name) =>
      storm(
        node.ports.tcp,
        count,
        64,
        (index) => connectPacket({ clientId: `${name}-${index}`, username, password: secret }),
        ({ code }) => {
          if (code !== 0) throw new Error(`CONNACK ${code}`);
        },
      );
    await run(2_000, 'warm');
    const pids = [node.pid, house.postgresPid];
    const before = pids.map(treeCpuSeconds);
    await run(COUNT, 'login');
    await pause(SETTLE_MS);
    const [nodeUs, postgresUs] = pids.map((pid, index) =>
      round(((treeCpuSeconds(pid) - before[index]) / COUNT) * 1e6, 0),
    );
    return { nodeUs, postgresUs };
  } finally {
    await house.stop();
  }
}

const PARTS = { one, hashes, kept, stores, nodes, connects };
const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(PARTS).filter(
  ([each]) => wanted.length === 0 || wanted.includes(each),
)) {
  const values = await measure();
  console.log(name, JSON.stringify(values, null, 2));
  writeResult('capacity', { ...readResult('capacity'), machine: machineFacts(), [name]: values });
}
