import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { message } from '../support/messages.ts';
import { RawClient } from '../support/raw-client.ts';
import { MortalBroker } from './process.ts';

const run = promisify(execFile);

let broker: MortalBroker;

beforeEach(async () => {
  broker = new MortalBroker();
  await broker.start();
  const subscriber = await RawClient.connect(broker.port, { clientId: 'sub', clean: false, keepalive: 0 });
  await subscriber.subscribe('t', 1);
  await subscriber.drop();
});
afterEach(() => broker.dispose());

test('a full disk keeps acknowledgements back, QoS 0 and reading go on, and all is well when there is room', async () => {
  const publisher = await RawClient.connect(broker.port, { clientId: 'pub', keepalive: 0 });
  const listener = await RawClient.connect(broker.port, { clientId: 'listener', keepalive: 0 });
  await listener.subscribe('live');
  // No file of the broker may grow beyond its first page: as a disk without room, for this process alone.
  const limit = (bytes: string): Promise<unknown> =>
    run('prlimit', ['--pid', String(broker.pid), `--fsize=${bytes}`]);
  await limit('4096:unlimited');
  publisher.send(message({ qos: 1, payload: 'kept'.repeat(5_000) }));
  publisher.send(message({ topic: 'live', payload: 'still here' }));
  expect(await listener.next()).toMatchObject({ payload: Buffer.from('still here') });
  expect(await publisher.drain()).toEqual([]);
  expect(await broker.said('the journal cannot be written')).toContain('problem');
  await limit('unlimited:unlimited');
  expect(await publisher.next()).toMatchObject({ cmd: 'puback', messageId: 1 });
  await broker.kill();
  await broker.start();
  const subscriber = await RawClient.connect(broker.port, { clientId: 'sub', clean: false, keepalive: 0 });
  expect(await subscriber.next()).toMatchObject({ payload: Buffer.from('kept'.repeat(5_000)) });
});

test('each PUBACK of a durable message comes after its bytes were synced', async () => {
  const tracer = spawn(
    'strace',
    ['-f', '-qq', '-e', 'trace=fdatasync,fsync,write,writev,sendto', '-s', '64', '-p', String(broker.pid)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const lines: string[] = [];
  createInterface({ input: tracer.stderr }).on('line', (line) => lines.push(line));
  const publisher = await RawClient.connect(broker.port, { clientId: 'pub', keepalive: 0 });
  // strace has attached when it sees an answer.
  await expect
    .poll(async () => {
      await publisher.drain();
      return lines.length;
    })
    .toBeGreaterThan(0);
  for (let messageId = 1; messageId <= 20; messageId += 1) {
    publisher.send(message({ qos: 1, messageId, payload: `payload ${messageId}` }));
    expect(await publisher.next()).toMatchObject({ cmd: 'puback', messageId });
  }
  const gone = once(tracer, 'exit');
  tracer.kill('SIGINT');
  await gone;
  let syncs = 0;
  const syncsBefore: number[] = [];
  for (const line of lines) {
    if (/f(data)?sync\(\d+\)\s+= 0|f(data)?sync resumed>.*= 0/.test(line)) syncs += 1;
    // PUBACK: 0x40 0x02 and the packet id.
    if (line.includes('"@\\2\\0')) {
      syncsBefore.push(syncs);
      syncs = 0;
    }
  }
  expect(syncsBefore).toHaveLength(20);
  expect(Math.min(...syncsBefore)).toBeGreaterThan(0);
});
