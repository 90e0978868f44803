// A million logins that fail, each in another way, from another network and mostly under another name: what the server
// keeps of them is bounded, so that after its tables are full nothing grows any more.
import { setTimeout as pause } from 'node:timers/promises';
import { residentMiB, round } from '../machine.mjs';
import { connectPacket, storm } from '../storm.mjs';

const COUNT = 1_000_000;
/** What fills the bounded tables (recorder 50 000, verified cache 100 000) before it counts; at most this share. */
const WARM_UP = 150_000;
const WARM_UP_SHARE = 0.25;
const IN_FLIGHT = 64;
const SETTLE_MS = 5_000;
const SAMPLE_MS = 500;
/** Resident memory at the end, above the most that it was while the tables filled. */
const RISE_MIB_MAX = 60;
/** Addresses of the loopback network, 127.1.0.1 and on: each /24 has a budget of its own. */
const ADDRESSES = 250 * 250 * 250;
const MIB = 2 ** 20;

const addressOf = (index) => {
  const n = index % ADDRESSES;
  return `127.${1 + (n % 250)}.${Math.floor(n / 250) % 250}.${1 + (Math.floor(n / 62_500) % 250)}`;
};

/**
 * Nobody known; the wrong password of somebody known under a thousand client IDs, or under ever new ones where `distinct`;
 * a known name under ever new client IDs.
 */
const packetOf = (username, distinct) => (index) => {
  const [clientId, name] =
    index % 3 === 0
      ? [`stranger-${index}`, `nobody-${index}`]
      : index % 3 === 1
        ? [`device-${distinct ? index : index % 1_000}`, username]
        : [`device-${index}`, username];
  return connectPacket({ clientId, username: name, password: `wrong-${index}` });
};

/** Resident memory while something runs: what it was at most. */
async function peakDuring(pid, run) {
  let peak = residentMiB(pid);
  const sampling = setInterval(() => (peak = Math.max(peak, residentMiB(pid))), SAMPLE_MS);
  try {
    await run();
  } finally {
    clearInterval(sampling);
  }
  return peak;
}

const heapMiB = async (server) => (await server.metrics()).gatehouse_heap_used_bytes / MIB;

/**
 * Resolves to what was measured, with `misses` in words.
 * @param {object} server
 * @param {{username: string}[]} users
 * @param {{count?: number, distinct?: boolean}} [options] `count`: failed logins altogether; `distinct`: no client ID comes twice
 */
export async function failedLogins(server, [{ username }], { count = COUNT, distinct = false } = {}) {
  const answers = {};
  const onResult = ({ code }) => (answers[code] = (answers[code] ?? 0) + 1);
  const run = (from, many) =>
    storm(
      server.ports.tcp,
      many,
      IN_FLIGHT,
      (i) => packetOf(username, distinct)(from + i),
      onResult,
      (i) => addressOf(from + i),
    );
  const warmUp = Math.min(WARM_UP, Math.floor(count * WARM_UP_SHARE));
  const peakBefore = await peakDuring(server.pid, () => run(0, warmUp));
  await pause(SETTLE_MS);
  const heapBefore = await heapMiB(server);
  const started = performance.now();
  const peak = await peakDuring(server.pid, () => run(warmUp, count - warmUp));
  const seconds = (performance.now() - started) / 1_000;
  await pause(SETTLE_MS);
  const rise = peak - peakBefore;
  const recorder = await server.api('GET', '/unauthorized-clients/recorder');
  const missed = [
    rise > RISE_MIB_MAX && `memory rises by ${round(rise)} MiB`,
    (answers[0] ?? 0) > 0 && `${answers[0]} were admitted`,
    recorder.attempts !== recorder.itemised + recorder.aggregated + recorder.dropped && 'attempts are lost',
  ];
  return {
    failedLogins: count,
    ofWhichWarmUp: warmUp,
    distinctClientIds: distinct,
    perSecond: Math.round((count - warmUp) / seconds),
    rssMiBWhileFilling: round(peakBefore),
    rssMiBAfterwardsMax: round(peak),
    riseMiB: round(rise),
    riseMiBMax: RISE_MIB_MAX,
    heapMiBBefore: round(heapBefore),
    heapMiBAfter: round(await heapMiB(server)),
    answers: JSON.stringify(answers),
    recorded: recorder.attempts,
    itemised: recorder.itemised,
    aggregated: recorder.aggregated,
    dropped: recorder.dropped,
    misses: missed.filter((miss) => miss !== false),
  };
}

/** So many from one machine are not slowed at the door. */
failedLogins.settings = ['limits.acceptRatePerSecondMax=1000000', 'limits.connectionsPerIpMax=100000'];
