// What others notice of work that the server does beside: on a thread of its own, a device that publishes at QoS 1 and
// waits for each acknowledgement, and somebody who asks the API whether it is alive.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const PUBLISH_EVERY_MS = 5;
const ASK_EVERY_MS = 20;

/** PUBLISH at QoS 1 to `pulse/t`, packet identifier 1, one byte of payload. */
const PUBLISH = Buffer.concat([
  Buffer.from([0x32, 12, 0, 7]),
  Buffer.from('pulse/t'),
  Buffer.from([0, 1, 0x21]),
]);

/** Starts both; `stop()` resolves to the milliseconds of each publish and each answer: `{ mqtt, api }`. */
export function startPulse({ mqttPort, apiPort, packet }) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { mqttPort, apiPort, packet } });
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

/** Asks again and again how long `once` takes, until told to stop. */
async function timesOf(once, everyMs, isRunning) {
  const times = [];
  while (isRunning()) {
    const started = performance.now();
    await once();
    times.push(performance.now() - started);
    await pause(everyMs);
  }
  return times;
}

async function device({ mqttPort, packet }) {
  const socket = connect({ port: mqttPort, host: '127.0.0.1', noDelay: true });
  const answer = () =>
    new Promise((resolve, reject) => {
      socket.once('data', resolve);
      socket.once('close', () => reject(new Error('the device was disconnected')));
    });
  socket.setMaxListeners(0);
  socket.write(Buffer.from(packet));
  const connack = await answer();
  if (connack[3] !== 0) throw new Error(`the device was answered ${connack[3]}`);
  return {
    publish: async () => {
      const acknowledged = answer();
      socket.write(PUBLISH);
      await acknowledged;
      socket.removeAllListeners('close');
    },
    close: () => socket.destroy(),
  };
}

async function beatUntilStopped({ mqttPort, apiPort, packet }) {
  let running = true;
  parentPort.once('message', () => {
    running = false;
  });
  const { publish, close } = await device({ mqttPort, packet });
  const ask = async () => (await fetch(`http://127.0.0.1:${apiPort}/healthz`)).arrayBuffer();
  const [mqtt, api] = await Promise.all([
    timesOf(publish, PUBLISH_EVERY_MS, () => running),
    timesOf(ask, ASK_EVERY_MS, () => running),
  ]);
  close();
  parentPort.postMessage({ mqtt, api });
}

if (!isMainThread) await beatUntilStopped(workerData);
