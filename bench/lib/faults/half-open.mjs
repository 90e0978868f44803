// Clients that connect, promise a keep-alive and fall silent: their process is stopped, so that no FIN ever comes.
import { setTimeout as pause } from 'node:timers/promises';
import { startGenerators } from '../load/generators.mjs';
import { descriptorsOf, round } from '../machine.mjs';
import { until } from './until.mjs';

const SOCKETS = 5_000;
const PROCESSES = 2;
const WARM_UP = 100;
const KEEP_ALIVE_SECONDS = 10;
const GRACE_SECONDS = 5;
const SETTLE_MS = 1_000;
const SLACK_MS = 30_000;

const online = async (server) => (await server.metrics()).gatehouse_sessions_online;

/** Opens and closes some, so that what the server opens once is open. */
async function warmUp(server, load) {
  const generators = await startGenerators([load], []);
  await generators.tell('open', WARM_UP);
  await generators.tell('drain');
  generators.stop();
  await until(async () => (await online(server)) === 0, SLACK_MS);
  await pause(SETTLE_MS);
}

/**
 * Resolves to what was measured, with `misses` in words.
 * @param {object} server
 * @param {{username: string, password: string}[]} users
 */
export async function halfOpen(server, users) {
  const loadOf = (prefix) => ({
    kind: 'idle',
    options: { port: server.ports.tcp, prefix, users, keepAliveSeconds: KEEP_ALIVE_SECONDS },
  });
  await warmUp(server, loadOf('warm'));
  const before = descriptorsOf(server.pid);
  const loads = Array.from({ length: PROCESSES }, (_, index) => loadOf(`silent${index}`));
  const generators = await startGenerators(loads, []);
  try {
    await generators.tell('open', SOCKETS / PROCESSES);
    for (const pid of generators.pids) process.kill(pid, 'SIGSTOP');
    const silentAt = performance.now();
    const openWhenSilent = await online(server);
    const msMax = KEEP_ALIVE_SECONDS * 1_500 + GRACE_SECONDS * 1_000;
    await until(async () => (await online(server)) === 0, msMax + SLACK_MS);
    const goneSeconds = (performance.now() - silentAt) / 1_000;
    await until(() => descriptorsOf(server.pid) <= before, msMax + SLACK_MS);
    const backSeconds = (performance.now() - silentAt) / 1_000;
    const after = descriptorsOf(server.pid);
    const misses = [
      openWhenSilent !== SOCKETS && `${openWhenSilent} of ${SOCKETS} were open when they fell silent`,
      goneSeconds > msMax / 1_000 && 'not gone in time',
      after > before && `${after - before} descriptors stay open`,
    ].filter((miss) => miss !== false);
    return {
      sockets: SOCKETS,
      keepAliveSeconds: KEEP_ALIVE_SECONDS,
      openWhenSilent,
      goneSeconds: round(goneSeconds),
      goneSecondsMax: msMax / 1_000,
      descriptorsBefore: before,
      descriptorsBackSeconds: round(backSeconds),
      descriptorsAfter: after,
      misses,
    };
  } finally {
    generators.stop();
  }
}
