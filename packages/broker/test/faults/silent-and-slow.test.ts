import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startBroker } from '../support/broker.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { message } from '../support/messages.ts';
import { RawClient } from '../support/raw-client.ts';

/** `npm run faults` asks for more. */
const isLong = process.env['GATEHOUSE_FAULT_ROUNDS'] !== undefined;
const SILENT = isLong ? 5_000 : 500;
const STOPPED = isLong ? 100 : 30;
const KEEP_ALIVE_SECONDS = 60;

/** Opens many, some at a time: the listener's backlog is bounded. */
async function openMany(count: number, open: (index: number) => Promise<RawClient>): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  while (clients.length < count) {
    const some = Array.from({ length: Math.min(50, count - clients.length) }, (_, index) => index);
    clients.push(...(await Promise.all(some.map((index) => open(clients.length + index)))));
  }
  return clients;
}

test(`${SILENT} clients that fell silent are gone after one and a half keep-alives, their descriptors too`, async () => {
  const clock = new FakeClock();
  const limits = { halfOpenPerIpMax: 0, halfOpenMax: 10_000 };
  const { broker, port } = await startBroker({ clock, limits });
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  const before = descriptors();
  const clients = await openMany(SILENT, (index) =>
    RawClient.connect(port, { clientId: `silent-${index}`, keepalive: KEEP_ALIVE_SECONDS }),
  );
  expect(broker.stats().connections.mqtt).toBe(SILENT);
  clock.advance(KEEP_ALIVE_SECONDS * 1_500 - 1);
  expect(broker.stats().connections.mqtt).toBe(SILENT);
  clock.advance(1);
  await Promise.all(clients.map((client) => client.closed()));
  await expect.poll(() => broker.stats().connections.open).toBe(0);
  await expect.poll(descriptors).toBeLessThanOrEqual(before);
  await broker.stop();
}, 120_000);

test(`${STOPPED} clients that stopped reading are cut by a named limit, and the others miss nothing`, async () => {
  const limits = { writeBufferBytesMax: 65_536, slowConsumerMsMax: 1_000 };
  const { broker, port } = await startBroker({ limits });
  const stopped = await openMany(STOPPED, async (index) => {
    const client = await RawClient.connect(port, { clientId: `stopped-${index}`, keepalive: 0 });
    await client.subscribe('flood');
    client.socket.pause();
    return client;
  });
  const healthy = await RawClient.connect(port, { clientId: 'healthy', keepalive: 0 });
  await healthy.subscribe('flood');
  const publisher = await RawClient.connect(port, { clientId: 'publisher', keepalive: 0 });
  let sent = 0;
  let received = 0;
  // As long as somebody holds out: the kernel's own buffers have to fill first.
  while (broker.stats().connections.mqtt > 2) {
    for (let burst = 0; burst < 4; burst += 1) {
      publisher.send(message({ topic: 'flood', payload: Buffer.alloc(10_000, 'x') }));
      sent += 1;
    }
    await publisher.drain();
    received += (await healthy.drain()).length;
  }
  received += (await healthy.drain()).length;
  expect(received).toBe(sent);
  const { slowConsumerMsMax = 0, writeBufferBytesMax = 0 } = broker.stats().bounds;
  expect(slowConsumerMsMax + writeBufferBytesMax).toBeGreaterThanOrEqual(STOPPED);
  expect(broker.stats().messages.droppedBy.slowClient).toBeGreaterThan(0);
  for (const client of stopped) client.socket.destroy();
  await broker.stop();
}, 120_000);
