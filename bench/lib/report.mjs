// Medians of the runs, what the targets make of them, and both as tables.
import { percentile, round } from './machine.mjs';

const METRICS = [
  'perSecond',
  'inPerSecond',
  'outPerSecond',
  'kibEach',
  'p50Ms',
  'p99Ms',
  'cpuSecondsPerUnit',
  'cpuSecondsPerUnitIn',
  'cpuSecondsPerUnitOut',
  'serverCores',
  'generatorCores',
  'othersCores',
  'notAccountedFor',
];

/** The middle value; of two middle ones the lower. */
const median = (values) => percentile(values, 0.5 - 1e-9);

/**
 * The medians of all runs that ended well; `spread` is the distance of the outermost from each other, as a share of the
 * median. Losses (what did not come within ten seconds after the load ended) are of the worst run.
 */
export function summarise(runs) {
  const good = runs.filter((run) => run.error === undefined);
  const medians = {};
  const spread = {};
  for (const metric of METRICS) {
    const values = good.map((run) => run[metric]).filter((value) => typeof value === 'number');
    if (values.length === 0) continue;
    medians[metric] = median(values);
    const width = Math.max(...values) - Math.min(...values);
    spread[metric] = values.length < 2 || medians[metric] === 0 ? null : round(width / medians[metric], 3);
  }
  const worst = (metric) => Math.max(0, ...good.map((run) => run[metric] ?? 0));
  return {
    medians,
    spread,
    failedRuns: runs.length - good.length,
    lost: worst('lost'),
    unacknowledged: worst('unacknowledged'),
    closedConnections: worst('closedConnections'),
    generatorBound: good.some((run) => run.generatorBound),
  };
}

/** The scenario's targets with what was measured; one whose peers were not measured is left out. */
export function judge(scenario, summaries) {
  const judged = [];
  for (const { metric, peer = 'gatehouse', against, atLeast, atMost } of scenario.targets) {
    const own = summaries[peer]?.medians[metric];
    const other = against === undefined ? 1 : summaries[against]?.medians[metric];
    if (own === undefined || !other) continue;
    const value = round(own / other, 2);
    const holds = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
    judged.push({ metric, peer, against, value, atLeast, atMost, holds });
  }
  return judged;
}

const percent = (value) =>
  value === undefined || value === null ? undefined : `±${Math.round(value * 50)} %`;

/** The row of one peer; what was not measured is left out. */
function rowOf({ medians, spread, ...summary }, unit) {
  const bound = summary.generatorBound ? ' (generator-bound)' : '';
  const row = {
    'in/s': medians.inPerSecond,
    'out/s': medians.outPerSecond,
    'KiB each': medians.kibEach,
    '1/s': medians.perSecond,
    spread: percent(spread.perSecond ?? spread.inPerSecond),
    'p99 ms': medians.p99Ms,
    [`CPU s/${unit}`]: medians.cpuSecondsPerUnit,
    lost: summary.lost + summary.unacknowledged,
    server: medians.serverCores,
    generator: `${medians.generatorCores ?? '–'}${bound}`,
    others: medians.othersCores,
    failed: summary.failedRuns,
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/** A scenario's peers side by side, and its targets. */
export function printScenario(id, { title, unit, peers, targets }) {
  console.log(`\n${id}  ${title}`);
  const rows = Object.entries(peers).map(([name, { summary }]) => [name, rowOf(summary, unit)]);
  console.table(Object.fromEntries(rows));
  for (const { metric, peer, against, value, atLeast, atMost, holds } of targets) {
    const bound = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
    const whose = against === undefined ? peer : `${peer} / ${against}`;
    console.log(`  ${holds ? 'holds ' : 'MISSED'} ${metric} of ${whose}: ${value} (${bound})`);
  }
}
