import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../src/clock.ts';

let server: Server;
let client: Socket;
let socket: Socket;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  [socket] = (await once(server, 'connection')) as [Socket];
});
afterEach(() => {
  client.destroy();
  server.close();
});

/** The whole thread stands still, for longer than a busy turn would take. */
const stall = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800);
};

test('after a stall, what arrived meanwhile is read before a timer that was due runs', async () => {
  const order: string[] = [];
  socket.on('data', () => order.push('read'));
  const fired = new Promise<void>((resolve) => {
    systemClock.after(10, () => {
      order.push('timer');
      resolve();
    });
  });
  client.write('x');
  stall();
  await fired;
  expect(order).toEqual(['read', 'timer']);
});

test('a timer that what arrived meanwhile cancels does not run', async () => {
  const order: string[] = [];
  const cancel = systemClock.after(10, () => order.push('timer'));
  const read = new Promise<void>((resolve) => {
    socket.on('data', () => {
      cancel();
      resolve();
    });
  });
  client.write('x');
  stall();
  await read;
  await new Promise((resolve) => {
    systemClock.after(20, () => {
      resolve(undefined);
    });
  });
  expect(order).toEqual([]);
});
