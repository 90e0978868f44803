// How long a start takes that brings back 100 000 stored sessions and 1 000 000 queued messages.
//
//   node bench/restart.mjs        BENCH_SESSIONS, BENCH_MESSAGES change the numbers
//
// The journal is written by the broker's own writer, ten messages for each session, each content for one session.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openJournal } from '@gatehouse/store/journal';
import { RecordWriter } from '../packages/broker/dist/journal/record-writer.js';
import { cpuSeconds, machineFacts, round } from './lib/machine.mjs';
import { writeResult } from './lib/results.mjs';

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 100_000);
const MESSAGES = Number(process.env.BENCH_MESSAGES ?? 1_000_000);
const SESSIONS_PER_SEGMENT = 200;
const READY_SECONDS_MAX = 10;
const START_SECONDS_MAX = 120;
const binary = fileURLToPath(new URL('../apps/server/bin/gatehouse.js', import.meta.url));

const headOf = (index) =>
  JSON.stringify({
    clientId: `device-${index}`,
    username: `device-${index}`,
    grant: {
      principal: { namespace: 'builtin', subject: `device-${index}` },
      superuser: false,
      rules: [{ permission: 'allow', action: 'all', topic: 'devices/%c/#' }],
      credentialId: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
      bindsClientId: false,
      rehash: false,
      anonymous: false,
    },
    expirySeconds: 604_800,
    disconnectedAt: Date.now(),
  });

/** @param {RecordWriter} writer */
function writeSession(writer, index, messagesEach) {
  writer.session(index, headOf(index));
  const filter = `devices/device-${index}/#`;
  const options = { qos: 1, noLocal: false, retainAsPublished: false, checkAtDelivery: false };
  writer.subscribed(index, JSON.stringify({ filter, ...options }));
  for (let sequence = 1; sequence <= messagesEach; sequence += 1) {
    const message = index * messagesEach + sequence;
    writer.message({
      id: message,
      topic: `devices/device-${index}/command`,
      payload: Buffer.alloc(100, 'x'),
      properties: Buffer.alloc(0),
      qos: 1,
      retain: false,
      publisher: 'backend',
      principal: '{"namespace":"builtin","subject":"backend"}',
      expiresAt: 0,
    });
    writer.delivery({ session: index, sequence, message, qos: 1, retain: false, subscriptionIds: [] });
  }
}

async function fill(dataDir) {
  const journal = await openJournal(dataDir);
  let bytes = 0;
  for (let start = 1, number = 1; start <= SESSIONS; start += SESSIONS_PER_SEGMENT, number += 1) {
    const writer = new RecordWriter();
    for (let index = start; index < start + SESSIONS_PER_SEGMENT && index <= SESSIONS; index += 1)
      writeSession(writer, index, MESSAGES / SESSIONS);
    bytes += writer.bytes;
    await journal.append({ number, bytes: writer.finish() });
  }
  await journal.close();
  return bytes;
}

async function measureStart(dataDir) {
  const settings = [
    `data_dir=${dataDir}`,
    'listeners.tcp.port=0',
    ...['tls', 'ws', 'wss'].map((name) => `listeners.${name}.enabled=false`),
    'api.port=0',
    'console.enabled=false',
    'limits.queueBytesTotalMax=1073741824',
  ].flatMap((setting) => ['--set', setting]);
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [...(process.env.BENCH_NODE_FLAGS?.split(' ') ?? []), binary, 'start', ...settings],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const runFile = join(dataDir, 'run.json');
  while (!existsSync(runFile)) {
    const isLate = performance.now() - started > START_SECONDS_MAX * 1_000;
    if (child.exitCode !== null || isLate) throw new Error('the server did not start');
    await pause(20);
  }
  const readySeconds = (performance.now() - started) / 1_000;
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const rssMiB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  const cpu = cpuSeconds(child.pid);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
  return { readySeconds, rssMiB, cpu };
}

const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
try {
  const bytes = await fill(dataDir);
  const { readySeconds, rssMiB, cpu } = await measureStart(dataDir);
  const row = {
    sessions: SESSIONS,
    messages: MESSAGES,
    journalMiB: round(bytes / 1_048_576),
    readySeconds: round(readySeconds),
    targetSeconds: READY_SECONDS_MAX,
    rssMiB: Math.round(rssMiB),
    cpuSeconds: round(cpu),
  };
  console.table([row]);
  writeResult('restart', { machine: machineFacts(), ...row });
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
