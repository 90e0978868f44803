// How long after its CONNACK a refused client is in the live stream that the console listens to.
import { machineFacts, percentile, round } from './lib/machine.mjs';
import { writeResult } from './lib/results.mjs';
import { startServer } from './lib/server.mjs';
import { attempt, connectPacket } from './lib/storm.mjs';

const COUNT = Number(process.env.BENCH_VISIBLE ?? 40);
const VISIBLE_MS_MAX = 1000;

const server = await startServer();
try {
  const response = await fetch(`http://127.0.0.1:${server.ports.api}/api/v1/unauthorized-clients/stream`, {
    headers: { authorization: `Bearer ${server.key}`, accept: 'text/event-stream' },
  });
  const waiting = new Map();
  (async () => {
    let rest = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      rest += chunk;
      for (const clientId of waiting.keys())
        if (rest.includes(`"${clientId}"`)) waiting.get(clientId)(performance.now());
      rest = rest.slice(-65_536);
    }
  })().catch(() => undefined);

  const times = [];
  for (let i = 0; i < COUNT; i += 1) {
    const clientId = `visible-${i}`;
    const seen = new Promise((resolve) => waiting.set(clientId, resolve));
    await attempt(server.ports.tcp, connectPacket({ clientId, username: clientId, password: 'wrong' }));
    const answered = performance.now();
    times.push((await seen) - answered);
    waiting.delete(clientId);
  }
  const result = {
    machine: machineFacts(),
    refused: COUNT,
    p50Ms: round(percentile(times, 0.5)),
    p99Ms: round(percentile(times, 0.99)),
    maxMs: round(Math.max(...times)),
    maxMsAllowed: VISIBLE_MS_MAX,
  };
  console.log(result);
  writeResult('visible', result);
  process.exitCode = result.maxMs <= VISIBLE_MS_MAX ? 0 : 1;
} finally {
  await server.stop();
}
