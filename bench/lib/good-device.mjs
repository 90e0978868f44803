// A well-configured device that logs in again and again, on a thread of its own: what the generator of the storm does
// on its event loop must not be counted as the server's delay.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { attempt } from './storm.mjs';

/** Starts the device; `stop()` resolves to the milliseconds of each login, from connect to CONNACK. */
export function startGoodDevice(port, packet, everyMs) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { port, packet, everyMs } });
  const ended = new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  // Who stops hears of it; until then a failure must not end the process unexplained.
  ended.catch(() => undefined);
  return {
    async stop() {
      worker.postMessage('stop');
      return ended;
    },
  };
}

async function logInUntilStopped({ port, packet, everyMs }) {
  const times = [];
  let running = true;
  parentPort.once('message', () => {
    running = false;
  });
  while (running) {
    const { code, ms } = await attempt(port, packet);
    if (code !== 0) throw new Error(`a good login was answered ${code}`);
    times.push(ms);
    await pause(everyMs);
  }
  parentPort.postMessage(times);
}

if (!isMainThread) await logInUntilStopped(workerData);
