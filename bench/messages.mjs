// Messages, connects and memory against other brokers, in the same run: `node bench/messages.mjs --help`.
//
// Peers are interleaved and started anew for each run. The server has core 0 and the load generator core 1, unless
// `--unpinned`. A result is marked generator-bound when the generator was busy for more than 90 % of its core: then the
// broker may be faster than what is told. What the generator is able to was checked with `--peers null`, a server that only
// passes bytes on: by its share of the core, some 400 000 messages a second in C, 270 000 in D, 800 000 in E, and 7 500
// connects in A; beyond that `--generators 2 --unpinned` says more, on a machine with cores to spare.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machineFacts } from './lib/machine.mjs';
import { PEERS } from './lib/peers.mjs';
import { judge, printScenario, summarise } from './lib/report.mjs';
import { writeResult } from './lib/results.mjs';
import { RUNS } from './lib/runs.mjs';
import { SCENARIOS } from './lib/scenarios.mjs';

/** Node compiles what is hot in the first seconds: a server is measured as it runs for days. */
const WARM_UP_SECONDS = 6;
const DEFAULT_PEERS = 'gatehouse,mosquitto,aedes';
const HELP = `node bench/messages.mjs [options]
  --scenario A,C1     which of ${Object.keys(SCENARIOS).join(' ')} (all)
  --peers NAME,…      which of ${Object.keys(PEERS).join(' ')} (${DEFAULT_PEERS})
  --seconds 4         measured for so long, after a warm-up of six seconds: what a JIT compiles is compiled by then
  --repeat 3          runs of each
  --generators 1      processes that put load on the server
  --unpinned          server and generators on any core
  --no-write          leave bench/results/ as it is`;

const { values: given } = parseArgs({
  options: {
    scenario: { type: 'string', default: Object.keys(SCENARIOS).join() },
    peers: { type: 'string', default: DEFAULT_PEERS },
    seconds: { type: 'string', default: '4' },
    repeat: { type: 'string', default: '3' },
    generators: { type: 'string', default: '1' },
    unpinned: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function known(list, table) {
  const names = list.split(',');
  const wrong = names.filter((name) => !Object.hasOwn(table, name));
  if (wrong.length > 0) throw new Error(`not known: ${wrong.join(', ')}\n${HELP}`);
  return names;
}

const pinned = !given.unpinned;
const onCore = (core) => (pinned ? ['taskset', '-c', String(core)] : []);
const context = {
  seconds: Number(given.seconds),
  warmUpSeconds: WARM_UP_SECONDS,
  generators: Number(given.generators),
  wrapGenerator: onCore(1),
  pinned,
};

/** The chosen peers, and those that this scenario has besides. */
function peersOf(scenario, chosen) {
  const also = Object.entries(scenario.also ?? {}).filter(
    ([name, of]) => chosen.includes(of) && !chosen.includes(name),
  );
  return [...chosen, ...also.map(([name]) => name)];
}

/** One run against one peer; what went wrong is part of the result. */
async function runOnce(name, scenario) {
  const { users = 1, chosen = false } = scenario;
  try {
    const peer = await PEERS[name]({ wrap: onCore(0), users, chosen });
    try {
      return await RUNS[scenario.run](peer, scenario, context);
    } finally {
      await peer.stop();
    }
  } catch (error) {
    console.log(`  ${name}: ${error.message}`);
    return { error: error.message };
  }
}

async function measure(scenario, chosen) {
  const runs = new Map(peersOf(scenario, chosen).map((name) => [name, []]));
  for (let repeat = 0; repeat < Number(given.repeat); repeat += 1) {
    for (const [name, ofPeer] of runs) ofPeer.push(await runOnce(name, scenario));
  }
  const peers = Object.fromEntries(
    [...runs].map(([name, ofPeer]) => [name, { summary: summarise(ofPeer), runs: ofPeer }]),
  );
  const summaries = Object.fromEntries(Object.entries(peers).map(([name, { summary }]) => [name, summary]));
  const { seconds, generators } = context;
  return {
    title: scenario.title,
    unit: scenario.per === 1_000 ? '1k' : '1M',
    machine: machineFacts(),
    pinned,
    seconds,
    generators,
    targets: judge(scenario, summaries),
    peers,
  };
}

/** Results of scenarios that are not measured now stay; each names its machine and its time. */
function earlier(name) {
  try {
    return JSON.parse(readFileSync(new URL(`./results/${name}.json`, import.meta.url), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

if (given.help) console.log(HELP);
else {
  const chosen = known(given.peers, PEERS);
  const resultName = pinned ? 'messages' : 'messages-unpinned';
  for (const id of known(given.scenario, SCENARIOS)) {
    const result = await measure(SCENARIOS[id], chosen);
    printScenario(id, result);
    const bad = ({ summary }) => summary.failedRuns > 0;
    if (Object.values(result.peers).some(bad)) process.exitCode = 1;
    if (!given['no-write']) writeResult(resultName, { ...earlier(resultName), [id]: result });
  }
}
