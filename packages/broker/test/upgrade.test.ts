import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker, type TestBrokerOptions } from './support/broker.ts';

let running: TestBroker | undefined;
const sockets: Socket[] = [];

async function start(options: TestBrokerOptions = {}): Promise<TestBroker> {
  running = await startBroker(options);
  return running;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await running?.broker.stop();
  running = undefined;
});

/** A socket that never closes its own half. */
async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

const handshake = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: a',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: mqtt',
    '\r\n',
  ].join('\r\n');

const openPlaces = () => expect.poll(() => running?.broker.stats().connections.open);

describe('sockets before the upgrade', () => {
  test('count as half-open from the moment they are accepted', async () => {
    const { wsPort, sink } = await start({ limits: { halfOpenPerIpMax: 1 } });
    await open(wsPort);
    await openPlaces().toBe(1);
    await open(wsPort);
    expect(await sink.refusal()).toMatchObject({
      reason: 'QUOTA_EXCEEDED',
      detail: { bound: 'halfOpenPerIpMax' },
    });
  });

  test('are let go of when the upgrade is refused, though the peer keeps its half open', async () => {
    const { wsPort, sink } = await start();
    const socket = await open(wsPort);
    socket.resume();
    socket.write(handshake('/nope'));
    expect(await sink.refusal()).toMatchObject({ reason: 'WS_PATH_NOT_FOUND' });
    await openPlaces().toBe(0);
  });

  test('a frame over the bound of a packet before admission is cut before its end, and recorded', async () => {
    const { wsPort, sink } = await start({ limits: { preAuthPacketBytesMax: 1_024 } });
    const socket = await open(wsPort);
    socket.write(handshake('/mqtt'));
    await once(socket, 'data');
    const header = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x0f, 0, 0, 0, 0, 0, 0]);
    socket.write(Buffer.concat([header, Buffer.alloc(200_000)]));
    expect(await sink.refusal()).toMatchObject({
      reason: 'PROTOCOL_PACKET_TOO_LARGE',
      detail: { limitBytes: 1_024 },
    });
    await openPlaces().toBe(0);
    expect(sink.refusals).toHaveLength(1);
  });
});
