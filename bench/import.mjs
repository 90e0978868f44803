// A hundred thousand hashed credentials imported into a running server, and then changed by a second import: how long it
// takes, what it costs, and what a publishing device and a user of the API notice of it.
//
//   node bench/import.mjs [--rows 100000] [--no-write]
//
// Ends with 1 when a target is missed.
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { machineFacts, percentile, round } from './lib/machine.mjs';
import { startMeter } from './lib/meter.mjs';
import { startPulse } from './lib/pulse.mjs';
import { writeResult } from './lib/results.mjs';
import { startServer } from './lib/server.mjs';
import { connectPacket } from './lib/storm.mjs';

const QUIET_MS = 5_000;
const SECONDS_MAX = 30;
/** How much longer than in the quiet an acknowledgement may take at the 99th percentile: the machine is shared with the generator. */
const P99_RISE_MS_MAX = 5;
/** The longest that the API may say nothing. */
const STALL_MS_MAX = 250;

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, 'no-write': { type: 'boolean', default: false } },
});
const rows = Number(values.rows);

/** `description` is what the second import changes. */
function csvOf(description) {
  const lines = ['username,password_hash,description,publish,subscribe'];
  for (let i = 0; i < rows; i += 1) {
    const salt = `s${i}`;
    const hash = createHash('sha256').update(`${salt}password-${i}`).digest('hex');
    lines.push(`fleet-${i},"sha256,prefix:${hash}:${salt}",${description},fleet/${i}/#,cmd/${i}/#`);
  }
  return lines.join('\n');
}

const facts = (times) => ({
  p50Ms: round(percentile(times, 0.5), 2),
  p99Ms: round(percentile(times, 0.99), 2),
  maxMs: round(Math.max(...times)),
});

/** What others notice while `work` runs, and what it costs the server. */
async function during(name, server, packet, work) {
  const pulse = startPulse({ mqttPort: server.ports.tcp, apiPort: server.ports.api, packet });
  const read = startMeter(server.pid, [process.pid]);
  const started = performance.now();
  const answer = await work();
  const seconds = (performance.now() - started) / 1_000;
  const { serverSeconds, othersCores } = read();
  const { mqtt, api } = await pulse.stop();
  const noticed = {
    seconds: round(seconds),
    cpuSeconds: round(serverSeconds),
    othersCores: round(othersCores, 2),
    mqtt: facts(mqtt),
    api: facts(api),
  };
  console.log(name, JSON.stringify(noticed));
  return { answer, facts: noticed };
}

async function importCsv(server, csv, onExisting) {
  const response = await fetch(
    `http://127.0.0.1:${server.ports.api}/api/v1/credentials/import?onExisting=${onExisting}`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'text/csv' },
      body: csv,
    },
  );
  if (!response.ok) throw new Error(`the import was answered ${response.status}: ${await response.text()}`);
  return response.json();
}

const server = await startServer();
try {
  const username = 'bench-pulse';
  const { secret } = await server.api('POST', '/credentials', {
    username,
    rules: [{ permission: 'allow', action: 'publish', topic: 'pulse/#' }],
  });
  const packet = connectPacket({ clientId: username, username, password: secret });
  const quiet = await during('quiet', server, packet, () => pause(QUIET_MS));
  const first = csvOf('first');
  const created = await during('created', server, packet, () => importCsv(server, first, 'fail'));
  const second = csvOf('second');
  const updated = await during('updated', server, packet, () => importCsv(server, second, 'update'));
  const phases = { quiet: quiet.facts, created: created.facts, updated: updated.facts };
  const missed = Object.entries(phases).flatMap(([name, { seconds, mqtt, api }]) => [
    seconds > SECONDS_MAX && `${name}: ${seconds} s`,
    mqtt.p99Ms > quiet.facts.mqtt.p99Ms + P99_RISE_MS_MAX && `${name}: MQTT p99 ${mqtt.p99Ms} ms`,
    name !== 'quiet' && api.maxMs > STALL_MS_MAX && `${name}: the API says nothing for ${api.maxMs} ms`,
  ]);
  missed.push(
    created.answer.created !== rows && `${created.answer.created} of ${rows} are created`,
    updated.answer.updated !== rows && `${updated.answer.updated} of ${rows} are updated`,
  );
  const misses = missed.filter((miss) => miss !== false);
  console.log(misses.length === 0 ? 'holds' : `MISSED: ${misses.join('; ')}`);
  if (!values['no-write']) {
    writeResult('import', { machine: machineFacts(), rows, bytes: first.length, ...phases, misses });
  }
  process.exitCode = misses.length === 0 ? 0 : 1;
} finally {
  await server.stop();
}
