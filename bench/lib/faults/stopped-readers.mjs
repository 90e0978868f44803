// Readers that stop reading, in a process that is stopped, while somebody else goes on receiving the same messages.
import { setTimeout as pause } from 'node:timers/promises';
import { startGenerators } from '../load/generators.mjs';
import { quantileMs } from '../load/histogram.mjs';
import { residentMiB, round } from '../machine.mjs';
import { until } from './until.mjs';

const READERS = 100;
const MESSAGES_PER_SECOND = 1_000;
/** As much as fills the kernel's buffers within seconds: before that nobody can tell that a client does not read. */
const PAYLOAD_BYTES = 1_000;
const P99_RATIO_MAX = 2;
const CUT_SECONDS_MAX = 30;
/** Of the heap and of the resident memory, above what they were while everybody read. */
const RISE_MIB_MAX = 60;

const WARM_UP_MS = 5_000;
const PHASE_MS = 15_000;
const SAMPLE_MS = 200;
const CUT_MS_MAX = 90_000;
const MIB = 2 ** 20;
/** The publisher and the one who goes on reading. */
const HEALTHY = 2;

/** What the server holds in memory at most, and when sessions beyond those of the healthy went. */
class Watch {
  #server;
  #running = true;
  #done;
  heapMiB = 0;
  rssMiB = 0;
  /** By `performance.now()`, one for each. */
  goneAt = [];

  constructor(server, sessions) {
    this.#server = server;
    this.#done = this.#sample(sessions);
  }

  async #sample(sessions) {
    while (this.#running) {
      const metrics = await this.#server.metrics();
      const gone = sessions - metrics.gatehouse_sessions_online;
      while (this.goneAt.length < gone) this.goneAt.push(performance.now());
      this.heapMiB = Math.max(this.heapMiB, metrics.gatehouse_heap_used_bytes / MIB);
      this.rssMiB = Math.max(this.rssMiB, residentMiB(this.#server.pid));
      await pause(SAMPLE_MS);
    }
  }

  async stop() {
    this.#running = false;
    await this.#done;
  }
}

/** Latency of the healthy reader and memory of the server while `wait` waits. */
async function phase(server, flow, readers, wait) {
  const watch = new Watch(server, HEALTHY + readers);
  await flow.tell('begin');
  await wait(watch);
  const [{ latencies, count, seconds }] = await flow.tell('end');
  await watch.stop();
  const row = {
    seconds: round(seconds),
    perSecond: Math.round(count / seconds),
    p50Ms: quantileMs([latencies], 0.5),
    p99Ms: quantileMs([latencies], 0.99),
    heapMiBMax: round(watch.heapMiB),
    rssMiBMax: round(watch.rssMiB),
  };
  return { row, goneAt: watch.goneAt };
}

/** Everybody reads; then the readers stop, until the last is cut; then the healthy are alone. */
async function threePhases(server, flow, readers) {
  const reading = await phase(server, flow, READERS, () => pause(PHASE_MS));
  const stoppedAt = performance.now();
  for (const pid of readers.pids) process.kill(pid, 'SIGSTOP');
  const stopped = await phase(server, flow, READERS, (watch) =>
    until(() => watch.goneAt.length === READERS, CUT_MS_MAX),
  );
  const after = await phase(server, flow, 0, () => pause(PHASE_MS));
  return {
    phases: { reading: reading.row, stopped: stopped.row, after: after.row },
    cutSeconds: stopped.goneAt.map((at) => (at - stoppedAt) / 1_000),
  };
}

function judge({ phases: { reading, stopped }, cutSeconds }, { lost }) {
  const result = {
    p99Ratio: round(stopped.p99Ms / reading.p99Ms, 2),
    p99RatioMax: P99_RATIO_MAX,
    cut: cutSeconds.length,
    cutSecondsFirst: round(cutSeconds[0] ?? null),
    cutSecondsLast: round(cutSeconds.at(-1) ?? null),
    cutSecondsMax: CUT_SECONDS_MAX,
    heapRiseMiB: round(stopped.heapMiBMax - reading.heapMiBMax),
    rssRiseMiB: round(stopped.rssMiBMax - reading.rssMiBMax),
    riseMiBMax: RISE_MIB_MAX,
    lost,
  };
  const misses = [
    result.p99Ratio >= P99_RATIO_MAX && 'the healthy reader waits too long',
    result.cut < READERS && `${READERS - result.cut} were not cut`,
    result.cutSecondsLast > CUT_SECONDS_MAX && 'the last is cut too late',
    Math.max(result.heapRiseMiB, result.rssRiseMiB) > RISE_MIB_MAX && 'memory rises',
    lost > 0 && `the healthy reader missed ${lost}`,
  ];
  return { ...result, misses: misses.filter((miss) => miss !== false) };
}

/**
 * Resolves to what was measured, with `misses` in words. A reader is cut when its session is online no longer; the time
 * counts from the moment its process was stopped.
 * @param {object} server
 * @param {{username: string, password: string}[]} users
 */
export async function stoppedReaders(server, users) {
  const to = { port: server.ports.tcp, users, qos: 0 };
  const one = { publishers: 1, subscribers: 1, topics: 1, window: 1 };
  const sending = { prefix: 'flow', rate: MESSAGES_PER_SECOND, payloadBytes: PAYLOAD_BYTES };
  const flow = await startGenerators([{ kind: 'flow', options: { ...to, ...one, ...sending } }], []);
  const reading = { prefix: 'reader', count: READERS, filter: 'flow/0' };
  const readers = await startGenerators([{ kind: 'readers', options: { ...to, ...reading } }], []);
  try {
    await flow.tell('prepare');
    await readers.tell('prepare');
    await flow.tell('start');
    await pause(WARM_UP_MS);
    const measured = await threePhases(server, flow, readers);
    const [drained] = await flow.tell('drain');
    const facts = { readers: READERS, messagesPerSecond: MESSAGES_PER_SECOND, payloadBytes: PAYLOAD_BYTES };
    return { ...facts, phases: measured.phases, ...judge(measured, drained) };
  } finally {
    flow.stop();
    readers.stop();
  }
}
