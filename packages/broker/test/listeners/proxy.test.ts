import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { generate } from 'mqtt-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../support/fake-clock.ts';
import { connectPacket } from '../support/raw-client.ts';
import { proxiedTls, proxyV2 } from './proxy-headers.ts';
import { certificate, closed, openSocket, type RunningListener, startListener, TLS } from './support.ts';

const CONNECT = generate(connectPacket({ clientId: 'behind-a-proxy' }));
const V1 = Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 56324 1883\r\n');
const V2 = proxyV2({ ip: [203, 0, 113, 7], port: 56_324, tlvs: Buffer.from([1, 0, 1, 0x6d]) });
const UPGRADE = [
  'GET /mqtt HTTP/1.1',
  'Host: a',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: mqtt',
  '\r\n',
].join('\r\n');

let running: RunningListener | undefined;
const sockets: { destroy(): unknown }[] = [];

async function start(
  transport: 'tcp' | 'tls' | 'ws' | 'wss',
  options: Parameters<typeof startListener>[1] = {},
) {
  const tls = transport === 'tls' || transport === 'wss' ? { tls: TLS } : {};
  running = await startListener(
    { transport, proxyProtocol: true, ...tls },
    { trustedProxies: ['127.0.0.1'], ...options },
  );
  return running;
}

async function open(port: number): Promise<Socket> {
  const socket = await openSocket(port);
  sockets.push(socket);
  return socket;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await running?.broker.stop();
  running = undefined;
});

/** One binary frame of a client, masked with zeros. */
const webSocketFrame = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x82, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);

/** Sends CONNECT as the transport wants it, after the header. */
async function speak(socket: Socket, transport: 'tcp' | 'tls' | 'ws' | 'wss', header: Buffer): Promise<void> {
  if (transport === 'tcp') {
    socket.write(Buffer.concat([header, CONNECT]));
    return;
  }
  socket.write(header);
  const inner =
    transport === 'ws' ? socket : connectTls({ socket, ca: certificate.cert, servername: 'localhost' });
  if (inner !== socket) {
    sockets.push(inner);
    await once(inner, 'secureConnect');
  }
  if (transport === 'tls') {
    inner.write(CONNECT);
    return;
  }
  inner.write(UPGRADE);
  await once(inner, 'data');
  inner.write(webSocketFrame(CONNECT));
}

describe.each(['tcp', 'tls', 'ws', 'wss'] as const)('PROXY headers on %s', (transport) => {
  test.each([
    ['version 1', V1],
    ['version 2', V2],
  ])('of %s give the attempt its address', async (_version, header) => {
    const { port, attempts } = await start(transport);
    await speak(await open(port), transport, header);
    await expect.poll(() => attempts.length).toBe(1);
    expect(attempts[0]).toMatchObject({
      clientId: 'behind-a-proxy',
      ip: '203.0.113.7',
      port: 56_324,
      peerIp: '127.0.0.1',
    });
  });

  test('may come in pieces', async () => {
    const { port, attempts } = await start(transport);
    const socket = await open(port);
    for (const byte of V2.subarray(0, 20)) socket.write(Buffer.from([byte]));
    await speak(socket, transport, V2.subarray(20));
    await expect.poll(() => attempts[0]?.ip).toBe('203.0.113.7');
  });

  test('that speak for the proxy itself leave its address', async () => {
    const { port, attempts } = await start(transport);
    await speak(await open(port), transport, proxyV2({ command: 0x20, family: 0, ip: [], port: 0 }));
    await expect.poll(() => attempts[0]?.ip).toBe('127.0.0.1');
  });

  test('are refused when they are missing', async () => {
    const { port, sink } = await start(transport);
    const socket = await open(port);
    socket.write(CONNECT);
    expect(await sink.refusal()).toMatchObject({
      reason: 'PROXY_HEADER_INVALID',
      detail: { what: 'missing' },
      ip: '127.0.0.1',
    });
    await closed(socket);
  });
});

test('nobody else may send one', async () => {
  const { port, sink, attempts } = await start('tcp', { trustedProxies: ['192.0.2.0/24'] });
  const socket = await open(port);
  socket.write(Buffer.concat([V1, CONNECT]));
  expect(await sink.refusal()).toMatchObject({
    reason: 'PROXY_HEADER_INVALID',
    detail: { what: 'untrusted-peer' },
    ip: '127.0.0.1',
  });
  await closed(socket);
  expect(attempts).toEqual([]);
});

test('a header that does not end is cut at the deadline', async () => {
  const clock = new FakeClock();
  const { port, sink, broker } = await start('tcp', { clock });
  const socket = await open(port);
  socket.write(V1.subarray(0, 20));
  await expect.poll(() => broker.stats().connections.halfOpen).toBe(1);
  clock.advance(5_001);
  expect(await sink.refusal()).toMatchObject({ detail: { what: 'timeout' } });
  await closed(socket);
});

test('a failed TLS handshake is recorded with the address of the client', async () => {
  const { port, sink } = await start('tls');
  const socket = await open(port);
  socket.write(Buffer.concat([V1, CONNECT]));
  expect(await sink.refusal()).toMatchObject({ reason: 'PLAIN_ON_TLS_PORT', ip: '203.0.113.7' });
});

test('the bounds of one address are those of the client, not of the proxy, and count that they were met', async () => {
  const { port, sink, attempts, broker } = await start('tls', {
    limits: { halfOpenPerIpMax: 1, connectionsPerIpMax: 1 },
  });
  for (const last of [1, 2]) {
    await speak(await open(port), 'tls', proxyV2({ ip: [198, 51, 100, last], port: 1 }));
  }
  await expect.poll(() => attempts.length).toBe(2);
  const third = await open(port);
  third.write(proxyV2({ ip: [198, 51, 100, 2], port: 2 }));
  expect(await sink.refusal()).toMatchObject({ reason: 'QUOTA_EXCEEDED', ip: '198.51.100.2' });
  expect(broker.stats().bounds).toEqual({ connectionsPerIpMax: 1 });
});

test('the bound of half-open connections of one client behind a proxy counts that it was met', async () => {
  const { port, sink, broker } = await start('tcp', { limits: { halfOpenPerIpMax: 1 } });
  for (const from of [1, 2]) {
    const socket = await open(port);
    socket.write(proxyV2({ ip: [198, 51, 100, 2], port: from }));
  }
  expect(await sink.refusal()).toMatchObject({ reason: 'QUOTA_EXCEEDED', ip: '198.51.100.2' });
  expect(broker.stats().bounds).toEqual({ halfOpenPerIpMax: 1 });
});

test('a broker that stops does not wait for those on their way', async () => {
  const { port, broker } = await start('tls');
  const socket = await open(port);
  socket.write(V1);
  await expect.poll(() => broker.stats().connections.open).toBe(1);
  await broker.stop();
  running = undefined;
});

describe('a certificate that the proxy verified', () => {
  const header = (tlvs: Buffer) => proxyV2({ ip: [203, 0, 113, 7], port: 56_324, tlvs });

  async function attemptBehind(tlvs: Buffer, mapping: { asUsername: boolean; asClientId: boolean }) {
    running = await startListener(
      { transport: 'tcp', proxyProtocol: true, proxiedCommonName: mapping },
      { trustedProxies: ['127.0.0.1'] },
    );
    const { port, attempts } = running;
    await speak(await open(port), 'tcp', header(tlvs));
    await expect.poll(() => attempts.length).toBe(1);
    return attempts[0];
  }

  test('names the client by its common name, whatever CONNECT says, and is no certificate of ours', async () => {
    const attempt = await attemptBehind(proxiedTls('pump-7'), { asUsername: true, asClientId: true });
    expect(attempt).toMatchObject({ username: 'pump-7', clientId: 'pump-7', ip: '203.0.113.7', tls: null });
  });

  test('names it as username alone where only that is said', async () => {
    const attempt = await attemptBehind(proxiedTls('pump-7'), { asUsername: true, asClientId: false });
    expect(attempt).toMatchObject({ username: 'pump-7', clientId: 'behind-a-proxy' });
  });

  test.each([
    ['did not verify', proxiedTls('pump-7', { verify: 18 })],
    ['was not presented', proxiedTls('pump-7', { bits: 0x01 })],
    ['has no common name', proxiedTls('')],
    ['has one that is no text', proxiedTls(Buffer.from([0xff, 0xfe]))],
    ['has one with a null character', proxiedTls('pump\0-7')],
    ['is torn off', proxiedTls('pump-7').subarray(0, -1)],
  ])('one that %s names nobody', async (_what, tlvs) => {
    const attempt = await attemptBehind(tlvs, { asUsername: true, asClientId: true });
    expect(attempt).toMatchObject({ username: undefined, clientId: 'behind-a-proxy' });
  });
});
