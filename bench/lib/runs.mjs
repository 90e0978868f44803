// One measurement: a load against a peer that has just started.
import { setTimeout as pause } from 'node:timers/promises';
import { startGenerators } from './load/generators.mjs';
import { quantileMs } from './load/histogram.mjs';
import { processTree, residentMiB, round } from './machine.mjs';
import { startMeter } from './meter.mjs';

/** A generator that is busier than this may be what was measured, instead of the broker. */
const GENERATOR_CORES_MAX = 0.9;
const IDLE_WARM_UP = 500;
const SETTLE_MS = 2_000;

/**
 * @typedef {object} Context
 * @property {number} seconds that are measured
 * @property {number} warmUpSeconds before that, with the same load
 * @property {number} generators processes at most
 * @property {string[]} wrapGenerator command that runs a generator
 * @property {boolean} pinned all generators share one core
 */

const total = (values) => values.reduce((sum, value) => sum + value, 0);

/** The part of a number that falls to one of `count` processes. */
const share = (whole, index, count) =>
  Math.floor((whole * (index + 1)) / count) - Math.floor((whole * index) / count);

/** `load` divided among processes, by topics or by places. A topic stays within one process. */
function divide(load, peer, generators) {
  const { options } = load;
  const whole = options.topics ?? options.inFlight ?? options.sessions ?? options.rate ?? 1;
  const count = Math.min(generators, whole);
  return Array.from({ length: count }, (_, index) => {
    const part = share(whole, index, count) / whole;
    const divided = { ...options, port: peer.port, users: peer.users, prefix: `g${index}` };
    for (const key of ['topics', 'publishers', 'subscribers', 'inFlight', 'sessions', 'rate']) {
      if (options[key] !== undefined) divided[key] = Math.round(options[key] * part);
    }
    return { kind: load.kind, options: divided };
  });
}

/** Shares of cores, and whether the generator itself was the limit. */
function loadOf(used, { pinned }) {
  const busiest = pinned ? used.generatorCores : used.generatorCoresMax;
  return {
    serverCores: round(used.serverCores, 2),
    generatorCores: round(busiest, 2),
    generatorBound: busiest > GENERATOR_CORES_MAX,
    othersCores: round(used.othersCores, 2),
  };
}

async function withGenerators(loads, context, use) {
  const generators = await startGenerators(loads, context.wrapGenerator);
  try {
    return await use(generators);
  } finally {
    generators.stop();
  }
}

/** What was left over after the load ended, and what a storm's attempts became. */
async function aftermath(peer, scenario, drained) {
  const count = (key) => total(drained.map((one) => one[key] ?? 0));
  const closed = count('closedConnections');
  if (scenario.load.kind === 'flow') {
    return { lost: count('lost'), unacknowledged: count('unacknowledged'), closedConnections: closed };
  }
  const answers = { unanswered: count('unanswered'), unexpectedAnswers: count('unexpectedAnswers') };
  if (scenario.load.options.who === 'good' || peer.recorded === undefined) return answers;
  const made = count('made') - answers.unanswered;
  const recorded = await peer.recorded(made);
  return { ...answers, recorded, notAccountedFor: recorded.complete ? 0 : 1 };
}

/** The same load for a while; rates are of the part after the warm-up. */
async function steady(peer, scenario, context) {
  const main = divide(scenario.load, peer, context.generators);
  const beside = scenario.beside ? divide(scenario.beside, peer, 1) : [];
  return withGenerators([...main, ...beside], context, async (generators) => {
    await generators.tell('prepare');
    await generators.tell('start');
    await pause(context.warmUpSeconds * 1_000);
    await generators.tell('begin');
    const stopMeter = startMeter(peer.pid, generators.pids);
    await pause(context.seconds * 1_000);
    const used = stopMeter();
    const ends = await generators.tell('end');
    const drained = await generators.tell('drain');
    const mine = ends.slice(0, main.length);
    const latencies = mine.map((end) => end.latencies);
    const perSecond = total(mine.map(({ count, seconds }) => count / seconds));
    return {
      perSecond: Math.round(perSecond),
      p50Ms: round(quantileMs(latencies, 0.5), 2),
      p99Ms: round(quantileMs(latencies, 0.99), 2),
      cpuSecondsPerUnit: perSecond > 0 ? round((used.serverCores / perSecond) * scenario.per, 3) : null,
      ...loadOf(used, context),
      ...(await aftermath(peer, scenario, drained.slice(0, main.length))),
      ...besideOf(ends.slice(main.length), drained.slice(main.length)),
    };
  });
}

/** What came of the load beside the measured one. */
function besideOf([end], [drained]) {
  if (end === undefined) return {};
  return { beside: { answeredPerSecond: Math.round(end.count / end.seconds), ...drained } };
}

const treeMiB = (pid) => total(processTree(pid).map(residentMiB));

/** Memory that connections take, after some have been made to warm the server up. */
async function idle(peer, scenario, context) {
  const { count } = scenario.load.options;
  return withGenerators(divide(scenario.load, peer, 1), context, async (generators) => {
    await generators.tell('open', IDLE_WARM_UP);
    await pause(SETTLE_MS);
    const before = treeMiB(peer.pid);
    const stopMeter = startMeter(peer.pid, generators.pids);
    await generators.tell('open', count);
    const used = stopMeter();
    await pause(SETTLE_MS);
    const kibEach = round(((treeMiB(peer.pid) - before) * 1_024) / count, 2);
    const [drained] = await generators.tell('drain');
    return {
      kibEach,
      perSecond: Math.round(count / used.seconds),
      cpuSecondsPerUnit: round(used.serverSeconds / (count / scenario.per), 3),
      ...loadOf(used, context),
      ...drained,
    };
  });
}

/** Messages into sessions that are offline, then out of them. */
async function backlog(peer, scenario, context) {
  return withGenerators(divide(scenario.load, peer, context.generators), context, async (generators) => {
    await generators.tell('prepare');
    const phase = async (step) => {
      const stopMeter = startMeter(peer.pid, generators.pids);
      const ends = await generators.tell(step);
      const used = stopMeter();
      const count = total(ends.map((end) => end.count));
      const perSecond = total(ends.map((end) => end.count / end.seconds));
      const cpu = count > 0 ? round(used.serverSeconds / (count / scenario.per), 3) : null;
      return { perSecond: Math.round(perSecond), cpu, used, missing: total(ends.map((end) => end.missing)) };
    };
    const filled = await phase('fill');
    const emptied = await phase('empty');
    const [drained] = await generators.tell('drain');
    return {
      inPerSecond: filled.perSecond,
      outPerSecond: emptied.perSecond,
      cpuSecondsPerUnit: round(filled.cpu + emptied.cpu, 3),
      cpuSecondsPerUnitIn: filled.cpu,
      cpuSecondsPerUnitOut: emptied.cpu,
      ...loadOf(filled.used, context),
      out: loadOf(emptied.used, context),
      unacknowledged: filled.missing,
      lost: emptied.missing,
      ...drained,
    };
  });
}

/** How a scenario is measured, by its `run`: `(peer, scenario, context)` resolves to metrics by name. */
export const RUNS = { steady, idle, backlog };
