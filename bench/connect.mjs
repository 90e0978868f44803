// Connect rate, accepted and refused: 64 in flight, generated secrets, the whole chain with recording on.
import { machineFacts, cpuSeconds, percentile, round } from './lib/machine.mjs';
import { writeResult } from './lib/results.mjs';
import { startServer } from './lib/server.mjs';
import { connectPacket, storm } from './lib/storm.mjs';

const COUNT = Number(process.env.BENCH_CONNECTS ?? 10_000);
const IN_FLIGHT = 64;
const CREDENTIALS = 200;

async function measure(server, name, packetOf, expected) {
  const times = [];
  let wrong = 0;
  const cpu = cpuSeconds(server.pid);
  const started = performance.now();
  await storm(server.ports.tcp, COUNT, IN_FLIGHT, packetOf, ({ code, ms }) => {
    if (code === expected) times.push(ms);
    else wrong += 1;
  });
  const seconds = (performance.now() - started) / 1000;
  return {
    name,
    connects: COUNT,
    perSecond: Math.round(COUNT / seconds),
    p50Ms: round(percentile(times, 0.5)),
    p99Ms: round(percentile(times, 0.99)),
    cpuSecondsPer1000: round((cpuSeconds(server.pid) - cpu) / (COUNT / 1000), 3),
    unexpectedAnswers: wrong,
  };
}

const server = await startServer([
  'limits.acceptRatePerSecondMax=1000000',
  'limits.connectionsPerIpMax=100000',
]);
try {
  const devices = [];
  for (let i = 0; i < CREDENTIALS; i += 1) {
    devices.push(await server.api('POST', '/credentials', { username: `bench-${i}` }));
  }
  const good = (i) => {
    const device = devices[i % CREDENTIALS];
    return connectPacket({ clientId: `good-${i}`, username: device.username, password: device.secret });
  };
  const rows = [
    await measure(server, 'accepted, first time (cold)', good, 0),
    await measure(server, 'accepted, verified cache warm', good, 0),
    await measure(
      server,
      'refused, unknown user, distinct IDs',
      (i) => connectPacket({ clientId: `unknown-${i}`, username: `nobody-${i}`, password: 'x' }),
      4,
    ),
  ];
  console.table(rows);
  writeResult('connect', { machine: machineFacts(), inFlight: IN_FLIGHT, rows });
} finally {
  await server.stop();
}
