import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectBytes, publishBytes, subscribeBytes } from './bytes.ts';
import { LEVELS, useBroker } from './support.ts';

const ground = useBroker();

/** An open WebSocket, and all bytes that came so far. */
async function openSocket(protocols: string[] = ['mqtt']) {
  const socket = new WebSocket(`ws://127.0.0.1:${ground.wsPort}/mqtt`, protocols);
  const received: Buffer[] = [];
  const kinds = new Set<boolean>();
  socket.on('message', (data: Buffer, isBinary) => {
    received.push(data);
    kinds.add(isBinary);
  });
  await once(socket, 'open');
  return { socket, kinds, bytes: () => Buffer.concat(received) };
}

test.each(LEVELS)(
  'v3.1.1 [MQTT-6.0.0-1] v5.0 [MQTT-6.0.0-1] packets go in binary frames, and a text frame closes the connection (level %i)',
  async (level) => {
    const { socket, kinds, bytes } = await openSocket();
    socket.send(connectBytes(level));
    await expect.poll(() => bytes()[0]).toBe(0x20);
    expect([...kinds]).toEqual([true]);
    socket.send('text');
    await once(socket, 'close');
    await ground.online(0);
  },
);

test.each(LEVELS)(
  'v3.1.1 [MQTT-6.0.0-2] v5.0 [MQTT-6.0.0-2] frames may hold parts of packets or many (level %i)',
  async (level) => {
    const { socket, bytes } = await openSocket();
    const stream = Buffer.concat([connectBytes(level), subscribeBytes(level), publishBytes(level)]);
    for (const byte of stream) socket.send(Buffer.from([byte]));
    await expect.poll(() => bytes().includes(publishBytes(level))).toBe(true);
    const ping = Buffer.from([0xc0, 0]);
    socket.send(Buffer.concat([ping, ping, ping]));
    await expect.poll(() => bytes().subarray(-6).toString('hex')).toBe('d000d000d000');
    socket.terminate();
  },
);

test.each(LEVELS)(
  'v3.1.1 [MQTT-6.0.0-3] [MQTT-6.0.0-4] v5.0 [MQTT-6.0.0-3] [MQTT-6.0.0-4] the server chooses mqtt, and refuses a client that does not offer it (level %i)',
  async () => {
    const { socket } = await openSocket(['other', 'mqtt']);
    expect(socket.protocol).toBe('mqtt');
    socket.terminate();
    const refused = new WebSocket(`ws://127.0.0.1:${ground.wsPort}/mqtt`, ['other']);
    const [error] = (await once(refused, 'error')) as [Error];
    expect(error.message).toContain('400');
  },
);

test.each(LEVELS)(
  'v3.1.1 [MQTT-7.1.1-1] [MQTT-7.0.0-2] v5.0 [MQTT-4.2.0-1] TCP and WebSocket carry the same packets, with no extension (level %i)',
  async (level) => {
    const seen = await ground.open(level, 'seen');
    await seen.subscribe('#');
    const { socket } = await openSocket();
    socket.send(Buffer.concat([connectBytes(level), publishBytes(level, { payload: 'by WebSocket' })]));
    expect(await seen.next()).toMatchObject({ payload: Buffer.from('by WebSocket') });
    const tcp = await ground.raw(level);
    const plain = [connectBytes(level), publishBytes(level, { payload: 'by TCP' })];
    for (const byte of Buffer.concat(plain)) tcp.write(Buffer.from([byte]));
    expect(await seen.next()).toMatchObject({ payload: Buffer.from('by TCP') });
    socket.terminate();
  },
);
