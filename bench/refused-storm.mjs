// 100 000 refused clients with distinct IDs while good devices log in: memory, latency of the good, identity of the counters.
import { setTimeout as pause } from 'node:timers/promises';
import { machineFacts, cpuSeconds, percentile, residentMiB, round } from './lib/machine.mjs';
import { startGoodDevice } from './lib/good-device.mjs';
import { writeResult } from './lib/results.mjs';
import { startServer } from './lib/server.mjs';
import { connectPacket, storm } from './lib/storm.mjs';

const COUNT = Number(process.env.BENCH_REFUSED ?? 100_000);
const IN_FLIGHT = 64;
const WARM_UP = 2_000;
const GOOD_EVERY_MS = 20;
const MEMORY_EVERY_MS = 50;
const MEMORY_MIB_MAX = 60;
const GOOD_P99_MS_MAX = 50;

const server = await startServer([
  'limits.acceptRatePerSecondMax=1000000',
  'limits.connectionsPerIpMax=100000',
]);
let failed = false;
try {
  const credential = await server.api('POST', '/credentials', { username: 'good-device' });
  const good = connectPacket({
    clientId: 'good-device',
    username: credential.username,
    password: credential.secret,
  });
  const bad = (prefix) => (i) =>
    connectPacket({ clientId: `${prefix}-${i}`, username: `${prefix}-user-${i}`, password: `wrong-${i}` });
  const codes = new Map();
  const count = ({ code }) => codes.set(code, (codes.get(code) ?? 0) + 1);

  await storm(server.ports.tcp, WARM_UP, IN_FLIGHT, bad('warm'), () => undefined);
  await pause(3000);
  const before = residentMiB(server.pid);

  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentMiB(server.pid));
  }, MEMORY_EVERY_MS);
  const device = startGoodDevice(server.ports.tcp, good, GOOD_EVERY_MS);
  const cpu = cpuSeconds(server.pid);
  const started = performance.now();
  await storm(server.ports.tcp, COUNT, IN_FLIGHT, bad('storm'), count);
  const seconds = (performance.now() - started) / 1000;
  const goodTimes = await device.stop();
  await pause(3000);
  clearInterval(sampling);
  peak = Math.max(peak, residentMiB(server.pid));

  const recorder = await server.api('GET', '/unauthorized-clients/recorder');
  const identity = recorder.attempts === recorder.itemised + recorder.aggregated + recorder.dropped;
  const result = {
    machine: machineFacts(),
    refused: COUNT,
    inFlight: IN_FLIGHT,
    perSecond: Math.round(COUNT / seconds),
    cpuSecondsPer1000: round((cpuSeconds(server.pid) - cpu) / (COUNT / 1000), 3),
    memoryBeforeMiB: round(before),
    memoryRiseMiB: round(peak - before),
    memoryRiseMiBMax: MEMORY_MIB_MAX,
    goodLogins: goodTimes.length,
    goodP50Ms: round(percentile(goodTimes, 0.5)),
    goodP99Ms: round(percentile(goodTimes, 0.99)),
    goodP99MsMax: GOOD_P99_MS_MAX,
    answers: Object.fromEntries(codes),
    recorder,
    attemptsExpected: COUNT + WARM_UP,
    countersIdentity: identity && recorder.attempts === COUNT + WARM_UP,
  };
  console.log(result);
  writeResult('refused-storm', result);
  failed =
    !result.countersIdentity || result.memoryRiseMiB > MEMORY_MIB_MAX || result.goodP99Ms > GOOD_P99_MS_MAX;
} finally {
  await server.stop();
}
process.exitCode = failed ? 1 : 0;
