// The table of refused clients at a million rows: every filter by every sort, facets, histogram, delete all.
//
//   node bench/table-million.mjs [--rows 1000000] [--repeat 6] [--keep DIR | --postgres URL]
//
// Needs `npm run build`. Fills a store of its own with plain SQL, measures through the store's public interface, prints a
// table and writes bench/results/table-million.json (with PostgreSQL table-million-postgresql.json). A data directory or
// database that has its schema is measured as it is.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UNAUTHORIZED_SORTS } from '@gatehouse/ports';
import { migrate, openStore } from '@gatehouse/store';
import { fillPostgresql, fillSqlite } from './lib/million-fill.mjs';
import { FILTERS, NOW } from './lib/million-rows.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    repeat: { type: 'string', default: '6' },
    keep: { type: 'string' },
    postgres: { type: 'string' },
  },
});
const ROWS = Number(options.rows);
const REPEAT = Number(options.repeat);
const url = options.postgres ?? '';
const dialect = url === '' ? 'sqlite' : 'postgresql';
// PostgreSQL works in processes of its own: only the wall tells how long it takes.
const JUDGED = dialect === 'sqlite' ? 'cpuMs' : 'wallMs';
const PAGE_P95_MS_MAX = dialect === 'sqlite' ? 100 : 50;
const SUMMARY_MS_MAX = 300;

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Wall time, and CPU time of all threads of this process: the honest figure where others use the machine as well. */
async function timed(work) {
  const started = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - started, cpuMs: (user + system) / 1000, result };
}

const spread = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    p50: round(quantile(sorted, 0.5)),
    p95: round(quantile(sorted, 0.95)),
    max: round(sorted.at(-1) ?? 0),
  };
};

async function measurePages(store, filters, repeat) {
  const results = [];
  for (const [name, filter] of Object.entries(filters)) {
    for (const field of UNAUTHORIZED_SORTS) {
      const times = [];
      let total = '';
      for (const direction of ['desc', 'asc']) {
        const request = { limit: 50, sort: { field, direction } };
        for (let round = 0; round < repeat; round += 1) {
          const first = await timed(() => store.unauthorized.page(filter, request));
          times.push(first);
          total = `${first.result.total}${first.result.totalIsExact ? '' : '+'}`;
          const { next } = first.result;
          if (next !== null)
            times.push(await timed(() => store.unauthorized.page(filter, { ...request, cursor: next })));
        }
      }
      const [cpu, wall] = [times.map(({ cpuMs }) => cpuMs), times.map(({ wallMs }) => wallMs)];
      results.push({ filter: name, sort: field, total, cpu, wall });
    }
  }
  return results;
}

async function measureSummaries(store) {
  const results = [];
  for (const [name, filter] of Object.entries(FILTERS)) {
    const facets = await timed(() => store.unauthorized.facets(filter));
    const histogram = await timed(() => store.unauthorized.histogram(filter, 60, NOW));
    results.push({
      filter: name,
      facetsMs: round(facets[JUDGED]),
      facetsApproximate: facets.result.approximate,
      histogramMs: round(histogram[JUDGED]),
      histogramApproximate: histogram.result.approximate,
    });
  }
  return results;
}

const round = (ms) => Math.round(ms * 10) / 10;

const dataDir = options.keep ?? mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
mkdirSync(dataDir, { recursive: true });
const clock = { now: () => NOW, monotonic: () => performance.now(), after: () => () => undefined };
const applied = await migrate({ url, dataDir });
const filling = await timed(async () => {
  // A store that was only brought up to date has its rows.
  if (!applied.some((name) => name.endsWith('_init'))) return;
  if (dialect === 'sqlite') await fillSqlite(join(dataDir, 'main.db'), ROWS);
  else await fillPostgresql(url, ROWS);
});
console.log(`filled ${ROWS} rows in ${round(filling.wallMs / 1000)} s`);

const opening = await timed(() => openStore({ url, dataDir, clock }));
const store = opening.result;
// The first page of all waits for the query thread to start and reads the first pages of the file.
const firstPage = await timed(() =>
  store.unauthorized.page({}, { limit: 50, sort: { field: 'lastAttemptAt', direction: 'desc' } }),
);
console.log(`the first page after opening: ${round(firstPage[JUDGED])} ms`);
const pages = await measurePages(store, FILTERS, REPEAT);
const overall = {
  cpuMs: spread(pages.flatMap(({ cpu }) => cpu)),
  wallMs: spread(pages.flatMap(({ wall }) => wall)),
};
const byFilterAndSort = pages.map(({ filter, sort, total, cpu, wall }) => ({
  filter,
  sort,
  total,
  cpuMs: spread(cpu),
  wallMs: spread(wall),
}));
const missed = byFilterAndSort.filter((entry) => entry[JUDGED].p95 > PAGE_P95_MS_MAX);
console.table(
  missed.map((entry) => ({ filter: entry.filter, sort: entry.sort, total: entry.total, ...entry[JUDGED] })),
);
console.log('pages, every filter by every sort (ms):', overall, `target p95 ≤ ${PAGE_P95_MS_MAX}`);
console.log(`combinations beyond the target: ${missed.length} of ${byFilterAndSort.length}`);

const summaries = await measureSummaries(store);
const summaryOf = ({ facetsMs, histogramMs }) => Math.max(facetsMs, histogramMs);
console.table(summaries.filter((entry) => summaryOf(entry) > SUMMARY_MS_MAX));
const worstSummary = Math.max(...summaries.map(summaryOf));
console.log(`facets and histogram, worst: ${worstSummary} ms, target ≤ ${SUMMARY_MS_MAX}`);

/** Deletions that hide rows instead of moving them. */
const HIDDEN = {
  'reason common': FILTERS['reason common'],
  'clientId starts, broad': FILTERS['clientId starts, broad'],
  'search, broad': FILTERS['search, broad'],
};
const actor = { kind: 'cli', id: 'bench', name: 'bench' };
const removal = await timed(() => store.unauthorized.remove({ kind: 'all' }, actor, NOW));
console.log(`delete all of ${removal.result.deleted}: ${round(removal.wallMs)} ms`);
await store.unauthorized.undo(removal.result.undoToken, actor, NOW);
const hidings = [];
for (const [name, filter] of Object.entries(HIDDEN)) {
  const hiding = await timed(() =>
    store.unauthorized.remove({ kind: 'filter', filter, except: [] }, actor, NOW),
  );
  const pending = await measurePages(store, { none: {} }, 1);
  const page = spread(pending.flatMap((entry) => (JUDGED === 'cpuMs' ? entry.cpu : entry.wall)));
  hidings.push({ filter: name, rows: hiding.result.deleted, wallMs: round(hiding.wallMs), page });
  await store.unauthorized.undo(hiding.result.undoToken, actor, NOW);
}
console.log('deletions by a filter, and pages while they can be undone (ms):');
console.table(
  hidings.map(({ page, ...hiding }) => ({ ...hiding, 'page p50': page.p50, 'page max': page.max })),
);
await store.close();

const resultsDir = fileURLToPath(new URL('results/', import.meta.url));
mkdirSync(resultsDir, { recursive: true });
const report = {
  dialect,
  judgedBy: JUDGED,
  rows: ROWS,
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: availableParallelism(),
  // Processes that wanted a core, on average over 1, 5 and 15 minutes: wall times above the CPU times are waiting.
  loadAverage: loadavg().map(round),
  repeat: REPEAT,
  openMs: round(opening.wallMs),
  fillSeconds: applied.length > 0 ? round(filling.wallMs / 1000) : null,
  firstPageMs: round(firstPage[JUDGED]),
  pages: overall,
  combinations: byFilterAndSort.length,
  combinationsBeyondTarget: missed.map(({ filter, sort }) => `${filter} by ${sort}`),
  worstSummaryMs: worstSummary,
  deleteAll: { cpuMs: round(removal.cpuMs), wallMs: round(removal.wallMs) },
  deletionsByFilter: hidings,
  byFilterAndSort,
  summaries,
};
const file = dialect === 'sqlite' ? 'table-million.json' : 'table-million-postgresql.json';
writeFileSync(join(resultsDir, file), `${JSON.stringify(report, null, 2)}\n`);
if (options.keep === undefined) rmSync(dataDir, { recursive: true, force: true });
