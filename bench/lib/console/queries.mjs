// What the console asks for on its page of refused clients, over HTTP as the console's server does.
import { percentile, round } from '../machine.mjs';

const SORTS = ['-lastAttemptAt', 'firstAttemptAt', '-attempts', 'clientId', 'username', 'ip', 'reason'];

/** Filters as they stand in the page's address, by what they are called in the results. */
const FILTERS = {
  none: {},
  open: { state: 'open' },
  'client ID starts, broad': { clientId: 'starts:plant-1' },
  'client ID contains': { clientId: 'contains:abc' },
  'username is': { username: 'eq:user-4711' },
  'network /24': { ip: '10.101.3.0/24' },
  'network /9, broad': { ip: '10.0.0.0/9' },
  'reason common': { reason: 'BASIC_NO_CREDENTIALS' },
  'reason 0.01 %': { reason: 'PSK_KEY_MISMATCH' },
  'TLS and open': { tlsUsed: 'true', state: 'open' },
  'search, broad': { search: 'sensor' },
  'search, nothing': { search: 'no such thing' },
};

const PAGE_ROWS = 100;

/** Ranges of the overview, as its buttons offer them. */
const RANGES_MS = { '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 };

async function timed(server, path) {
  const started = performance.now();
  const answer = await server.api('GET', path);
  return { ms: performance.now() - started, answer };
}

/** Every filter by every sort, first and second page, `repeat` times. */
export async function measurePages(server, repeat) {
  const rows = [];
  for (const [filter, fields] of Object.entries(FILTERS)) {
    const times = [];
    for (const sort of SORTS) {
      const query = new URLSearchParams({ ...fields, sort, limit: String(PAGE_ROWS) });
      for (let turn = 0; turn < repeat; turn += 1) {
        const first = await timed(server, `/unauthorized-clients?${query}`);
        times.push(first.ms);
        if (first.answer.next === null) continue;
        const next = new URLSearchParams({ ...Object.fromEntries(query), cursor: first.answer.next });
        times.push((await timed(server, `/unauthorized-clients?${next}`)).ms);
      }
    }
    rows.push({ filter, p50Ms: round(percentile(times, 0.5)), p95Ms: round(percentile(times, 0.95)), times });
  }
  const all = rows.flatMap(({ times }) => times);
  return {
    p95Ms: round(percentile(all, 0.95)),
    maxMs: round(Math.max(...all)),
    byFilter: rows.map(({ times: _times, ...row }) => row),
  };
}

/** Facets and histogram of each filter. */
export async function measureSummaries(server) {
  const times = [];
  for (const [filter, fields] of Object.entries(FILTERS))
    for (const summary of ['facets', 'histogram']) {
      const { ms } = await timed(server, `/unauthorized-clients/${summary}?${new URLSearchParams(fields)}`);
      times.push({ filter, summary, ms: round(ms) });
    }
  return times.sort((one, other) => other.ms - one.ms);
}

/** The overview of each range beside the period before it, `repeat` times. */
export async function measureOverview(server, repeat) {
  const rows = [];
  for (const [range, lengthMs] of Object.entries(RANGES_MS)) {
    const times = [];
    for (let turn = 0; turn < repeat; turn += 1) {
      const to = Date.now();
      const span = { from: new Date(to - lengthMs).toISOString(), to: new Date(to).toISOString() };
      times.push((await timed(server, `/stats/overview?${new URLSearchParams(span)}`)).ms);
    }
    rows.push({ range, p50Ms: round(percentile(times, 0.5)), p95Ms: round(percentile(times, 0.95)) });
  }
  return rows;
}
