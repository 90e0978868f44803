// A broker over a real journal in a process of its own, to be killed: `node broker-process.mjs DIR [before|after KIND N]`.
// With a point it kills itself (SIGKILL) before or after the commit of the Nth batch that has a record of that kind.
// Prints its port when it listens.
import { createBroker, systemClock } from '@gatehouse/broker';
import { openJournal } from '@gatehouse/store/journal';
import { readRecords } from '../../dist/journal/record-reader.js';

const [folder, side, kind, count] = process.argv.slice(2);

const principal = { namespace: 'test', subject: 'everybody' };
const grant = {
  principal,
  superuser: true,
  rules: [],
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
};
const decision = { outcome: 'allow', grant, by: 'test', trace: [] };
const write = (facts, text) => console.error(JSON.stringify({ ...facts, text }));
const log = { info: () => {}, warn: write, error: write };

function has(bytes, wanted) {
  let found = false;
  const note = (name) => () => {
    found ||= name === wanted;
  };
  const visitor = new Proxy({}, { get: (_, name) => note(name) });
  readRecords(bytes, visitor);
  return found;
}

function die() {
  process.kill(process.pid, 'SIGKILL');
}

/** The journal with a trap in it. */
async function openTrapped() {
  const store = await openJournal(folder);
  let left = Number(count);
  const append = async (segment) => {
    const isPoint = side !== undefined && has(segment.bytes, kind) && (left -= 1) === 0;
    if (isPoint && side === 'before') die();
    await store.append(segment);
    if (isPoint) die();
  };
  return {
    read: (after) => store.read(after),
    append,
    dropBefore: (number) => store.dropBefore(number),
    onHealth: (listener) => store.onHealth(listener),
    close: () => store.close(),
  };
}

const broker = createBroker({
  listeners: [{ name: 'tcp', transport: 'tcp', host: '127.0.0.1', port: 0, chain: 'default' }],
  chains: () => ({ decide: () => decision }),
  attempts: { refused: () => {}, accepted: () => {} },
  clock: systemClock,
  log,
  node: 'faults',
  load: () => 0,
  openJournal: openTrapped,
});
await broker.start();
console.log(broker.listeners()[0].port);
