// Faults around a real server, over real sockets: readers that stop reading, sockets that fall silent, and backends of
// authenticators that are silent, refuse or answer garbage; and a million logins that fail.
//
//   node bench/faults.mjs [--only stoppedReaders|halfOpen|failingBackend|failedLogins] [--count 1000000] [--distinct] [--no-write]
//
// `--count`: of failed logins; `--distinct`: of which no client ID comes twice. With `--only` the fault's figures replace its own in the results.
//
// Ends with 1 when a target is missed.
import { parseArgs } from 'node:util';
import { failedLogins } from './lib/faults/failed-logins.mjs';
import { failingBackend } from './lib/faults/failing-backend.mjs';
import { halfOpen } from './lib/faults/half-open.mjs';
import { stoppedReaders } from './lib/faults/stopped-readers.mjs';
import { machineFacts } from './lib/machine.mjs';
import { readResult, writeResult } from './lib/results.mjs';
import { startServer } from './lib/server.mjs';

const FAULTS = { stoppedReaders, halfOpen, failingBackend, failedLogins };
const USERNAME = 'bench';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    count: { type: 'string' },
    distinct: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
  },
});
if (values.only !== undefined && !Object.hasOwn(FAULTS, values.only)) {
  throw new Error(`--only takes one of ${Object.keys(FAULTS).join(', ')}`);
}

const count = values.count === undefined ? undefined : Number(values.count);
if (count !== undefined && !(Number.isInteger(count) && count >= 1_000)) {
  throw new Error('--count takes a number from 1000');
}

/** One fault against a server of its own. */
async function measure(fault) {
  const server = await startServer(fault.settings);
  try {
    const { secret } = await server.api('POST', '/credentials', { username: USERNAME });
    return await fault(server, [{ username: USERNAME, password: secret }], {
      distinct: values.distinct,
      ...(count === undefined ? {} : { count }),
    });
  } finally {
    await server.stop();
  }
}

function print(name, { phases, misses, ...facts }) {
  console.log(`\n${name}`);
  if (phases !== undefined) console.table(phases);
  console.table(facts);
  console.log(misses.length === 0 ? '  holds' : `  MISSED: ${misses.join('; ')}`);
}

const results = {};
for (const [name, fault] of Object.entries(FAULTS)) {
  if (values.only !== undefined && values.only !== name) continue;
  results[name] = await measure(fault);
  print(name, results[name]);
}
if (!values['no-write']) {
  const others = values.only === undefined ? {} : readResult('faults');
  const machine = values.only === undefined ? machineFacts() : (others.machine ?? machineFacts());
  writeResult('faults', { ...others, machine, ...results });
}
process.exitCode = Object.values(results).every(({ misses }) => misses.length === 0) ? 0 : 1;
