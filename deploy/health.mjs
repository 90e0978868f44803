// Asks the server of this container over its control socket whether it is ready: ends with 0 if so, with 1 if not.
// The socket is there whatever address, port or certificate the API has.
import { request } from 'node:http';
import { join } from 'node:path';

const TIMEOUT_MS = 3_000;
const socketPath = join(process.env.GATEHOUSE_DATA_DIR ?? 'data', 'control.sock');

const asked = request({ socketPath, path: '/readyz', headers: { host: 'localhost' }, timeout: TIMEOUT_MS });
asked.on('timeout', () => asked.destroy(new Error('no answer')));
asked.on('error', (error) => {
  process.stderr.write(`${socketPath}: ${error.message}\n`);
  process.exitCode = 1;
});
asked.on('response', (answer) => {
  answer.pipe(process.stdout);
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
});
asked.end();
