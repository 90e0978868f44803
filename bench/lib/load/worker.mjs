// A process that puts load on a broker. It is told what to do by `generators.mjs`, one step at a time.
import { Backlog } from './backlog.mjs';
import { Connects } from './connects.mjs';
import { Flow } from './flow.mjs';
import { Idle } from './idle.mjs';
import { Readers } from './readers.mjs';

const LOADS = { flow: Flow, connects: Connects, idle: Idle, backlog: Backlog, readers: Readers };
let load;

async function obey({ step, argument }) {
  if (step === 'create') load = new LOADS[argument.kind](argument.options);
  else return load[step](argument);
}

process.on('message', (order) => {
  obey(order).then(
    (value) => process.send({ value }),
    (error) => process.send({ failed: error.message }),
  );
});
process.once('disconnect', () => process.exit());
