import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { connack } from '@gatehouse/auth-core';
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../src/clock.ts';
import { WatchBook } from '../src/recorder/watches.ts';
import { FakeClock } from './support/fake-clock.ts';
import { connectPacket, field, frame, RawClient, rawConnect } from './support/raw-client.ts';
import { startBroker, type TestBroker, type TestBrokerOptions } from './support/broker.ts';

let running: TestBroker | undefined;

async function start(options: TestBrokerOptions = {}): Promise<TestBroker> {
  running = await startBroker(options);
  return running;
}

afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

describe('bytes that are no CONNECT', () => {
  test.each([
    ['HTTP_ON_MQTT_PORT', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['HTTP_ON_MQTT_PORT', Buffer.from('POST /publish HTTP/1.1\r\n\r\n')],
    ['TLS_ON_PLAIN_PORT', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])],
    ['PROTOCOL_NOT_MQTT', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['PROTOCOL_NOT_MQTT', generate({ cmd: 'pingreq' })],
    ['PROTOCOL_NOT_MQTT', rawConnect({ name: 'AMQP' })],
  ])('%s is recorded and the connection closed', async (reason, bytes) => {
    const { port, sink } = await start();
    const client = await RawClient.open(port);
    client.write(bytes);
    await client.closed();
    expect(sink.refusals).toEqual([
      expect.objectContaining({
        reason,
        clientId: null,
        username: null,
        listener: 'tcp',
        ip: '127.0.0.1',
        protocol: null,
        authenticator: null,
      }),
    ]);
  });

  test('an HTTP client is told in its own language', async () => {
    const { port } = await start();
    const client = await RawClient.open(port);
    client.write(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
    await client.closed();
    expect(client.received.toString()).toContain('This port speaks MQTT');
  });

  test('HTTP that comes byte by byte is still told apart', async () => {
    const { port, sink } = await start();
    const client = await RawClient.open(port);
    client.socket.setNoDelay(true);
    for (const byte of 'DELETE /x') client.write(Buffer.from(byte));
    await client.closed();
    expect(sink.refusals[0]?.reason).toBe('HTTP_ON_MQTT_PORT');
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['half a CONNECT', generate(connectPacket()).subarray(0, 9)],
  ])('PROTOCOL_CONNECT_TIMEOUT: %s in time', async (_what, bytes) => {
    const clock = new FakeClock();
    const { broker, port, sink } = await start({ clock });
    const client = await RawClient.open(port);
    client.write(bytes);
    await expect.poll(() => broker.stats().messages.bytesReceived).toBe(bytes.length);
    clock.advance(4_999);
    expect(sink.refusals).toHaveLength(0);
    clock.advance(1);
    await client.closed();
    expect(sink.refusals[0]).toMatchObject({ reason: 'PROTOCOL_CONNECT_TIMEOUT', clientId: null });
  });

  test('PROTOCOL_PACKET_TOO_LARGE: a header that promises 256 MiB is enough', async () => {
    const { port, sink } = await start();
    const client = await RawClient.open(port);
    client.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
    await client.closed();
    expect(sink.refusals[0]).toMatchObject({ reason: 'PROTOCOL_PACKET_TOO_LARGE', clientId: null });
  });
});

describe('a CONNECT that is no valid packet', () => {
  const willFlags = 0x02 | 0x08;
  test.each<[string, Buffer]>([
    ['reserved-flags', rawConnect({ header: 0x11 })],
    ['connect-flags-reserved', rawConnect({ flags: 0x03 })],
    ['will-flags-without-will', rawConnect({ flags: willFlags })],
    ['will-flags-without-will', rawConnect({ flags: 0x22 })],
    ['will-qos-3', rawConnect({ flags: 0x1e, body: Buffer.concat([field('d'), field('t'), field('m')]) })],
    [
      'will-topic-invalid',
      rawConnect({ flags: 0x06, body: Buffer.concat([field('d'), field('a/#'), field('m')]) }),
    ],
    [
      'password-without-username',
      rawConnect({ flags: 0x42, body: Buffer.concat([field('d'), field('pw')]) }),
    ],
    ['client-id-not-utf8', rawConnect({ body: field(Buffer.from([0x64, 0xff])) })],
    ['client-id-has-u0000', rawConnect({ body: field('a\0b') })],
    [
      'username-not-utf8',
      rawConnect({ flags: 0x82, body: Buffer.concat([field('d'), field(Buffer.from([0xfe]))]) }),
    ],
    ['trailing-bytes', rawConnect({ body: Buffer.concat([field('d'), Buffer.from('more')]) })],
    ['client-id', rawConnect({ body: Buffer.from([0, 9, 0x61]) })],
    ['session-expiry-repeated', connect5(Buffer.from([17, 0, 0, 0, 1, 17, 0, 0, 0, 2]))],
    ['receive-maximum-zero', connect5(Buffer.from([33, 0, 0]))],
    ['property-not-allowed', connect5(Buffer.from([11, 1]))],
    ['auth-data-without-method', connect5(Buffer.from([22, 0, 1, 7]))],
    ['bad-length', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01])],
  ])('PROTOCOL_MALFORMED_CONNECT: %s', async (what, bytes) => {
    const { port, sink, broker } = await start();
    const client = await RawClient.open(port);
    client.write(bytes);
    await client.closed();
    expect(sink.refusals).toEqual([
      expect.objectContaining({ reason: 'PROTOCOL_MALFORMED_CONNECT', detail: { what } }),
    ]);
    expect(broker.stats().auth).toMatchObject({ refused: 1, refusedByFamily: { protocol: 1 } });
  });

  test('MQTT 5 clients are told 0x81, and what was read of them is recorded', async () => {
    const { port, sink } = await start();
    const client = await RawClient.open(port, 5);
    client.write(connect5(Buffer.alloc(0), Buffer.concat([field('sensor-5'), Buffer.from([0])])));
    expect(await client.next()).toMatchObject({ cmd: 'connack', reasonCode: 0x81 });
    expect(sink.refusals[0]).toMatchObject({ clientId: 'sensor-5', protocol: 5, keepAliveSeconds: 60 });
  });

  test.each([
    ['level 6', { level: 6 }, 5 as const, { reasonCode: 0x84 }],
    ['level 3 under the name MQTT', { level: 3 }, 4 as const, { returnCode: 1 }],
    ['the bridge bit', { level: 0x84 }, 4 as const, { returnCode: 1 }],
    ['MQIsdp at level 4', { name: 'MQIsdp', level: 4 }, 4 as const, { returnCode: 1 }],
  ])('PROTOCOL_VERSION_UNSUPPORTED: %s', async (_what, fields, version, answer) => {
    const { port, sink } = await start();
    const client = await RawClient.open(port, version);
    client.write(rawConnect(fields));
    expect(await client.next()).toMatchObject({ cmd: 'connack', ...answer });
    await client.closed();
    expect(sink.refusals[0]).toMatchObject({ reason: 'PROTOCOL_VERSION_UNSUPPORTED' });
  });

  test.each([
    ['3.1 always', { protocolVersion: 3 as const, name: 'MQIsdp', level: 3, flags: 0x02 }],
    ['3.1.1 without Clean Session [MQTT-3.1.3-8]', { level: 4, flags: 0x00 }],
  ])('PROTOCOL_CLIENT_ID_REJECTED: an empty client ID, %s', async (_what, fields) => {
    const { port, sink } = await start();
    const client = await RawClient.open(port);
    client.write(rawConnect({ ...fields, body: field('') }));
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 2 });
    expect(sink.refusals[0]).toMatchObject({ reason: 'PROTOCOL_CLIENT_ID_REJECTED', clientId: '' });
  });
});

describe('bounds', () => {
  test.each(['connectionsMax', 'connectionsPerIpMax', 'halfOpenMax', 'acceptRatePerSecondMax'] as const)(
    'QUOTA_EXCEEDED: %s',
    async (bound) => {
      const { broker, port, sink } = await start({ limits: { [bound]: 1 }, clock: new FakeClock() });
      const first = await RawClient.open(port);
      await expect.poll(() => broker.stats().connections.open).toBe(1);
      const second = await RawClient.open(port);
      await second.closed();
      expect(sink.refusals[0]).toMatchObject({ reason: 'QUOTA_EXCEEDED', detail: { bound }, clientId: null });
      await first.drop();
    },
  );

  test('a place is free again once its connection has closed', async () => {
    const { broker, port } = await start({ limits: { connectionsMax: 1 } });
    const first = await RawClient.connect(port);
    await first.drop();
    await expect.poll(() => broker.stats().connections.open).toBe(0);
    await RawClient.connect(port);
  });

  test('QUOTA_EXCEEDED: more sessions than sessionsMax, told in CONNACK', async () => {
    const { port, sink } = await start({ limits: { sessionsMax: 1 } });
    await RawClient.connect(port, { clientId: 'one' });
    const client = await RawClient.open(port, 5);
    client.send(connectPacket({ clientId: 'two', protocolVersion: 5 }));
    const reasonCode = connack(5, 'QUOTA_EXCEEDED');
    expect(await client.next()).toMatchObject({ cmd: 'connack', reasonCode });
    expect(sink.refusals[0]).toMatchObject({ reason: 'QUOTA_EXCEEDED', detail: { bound: 'sessionsMax' } });
  });
});

describe('hostile streams', () => {
  test('end their own connection and nothing else', async () => {
    const { port, broker } = await start({ limits: { connectTimeoutMs: 200, closeTimeoutMs: 200 } });
    const bystander = await RawClient.connect(port, { clientId: 'bystander' });
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((some) => Buffer.from(some));
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (garbage, admitted) => {
        const client = await RawClient.open(port);
        client.write(admitted ? Buffer.concat([generate(connectPacket()), garbage]) : garbage);
        client.socket.end();
        await client.closed();
      }),
      { numRuns: 200 },
    );
    expect(await bystander.drain()).toEqual([]);
    await expect.poll(() => broker.stats().connections.open).toBe(1);
  });
});

describe('WebSocket handshakes', () => {
  const upgrade = (port: number, path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const key = createHash('md5').update('key').digest('base64');
      request({
        port,
        path,
        host: '127.0.0.1',
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': key,
          ...headers,
        },
      })
        .on('response', (response) => resolve(response.resume().statusCode ?? 0))
        .on('upgrade', (response, socket) => {
          socket.destroy();
          resolve(response.statusCode ?? 0);
        })
        .on('error', reject)
        .end();
    });
  const mqtt = { 'sec-websocket-protocol': 'mqtt' };

  test.each([
    ['WS_PATH_NOT_FOUND', 404, '/other', mqtt],
    ['WS_SUBPROTOCOL_MISSING', 400, '/mqtt', {}],
    ['WS_SUBPROTOCOL_MISSING', 400, '/mqtt', { 'sec-websocket-protocol': 'chat' }],
    ['WS_ORIGIN_DENIED', 403, '/mqtt', { ...mqtt, origin: 'https://evil.example' }],
  ])('%s answers %i and is recorded', async (reason, status, path, headers) => {
    const { wsPort, sink } = await start({ ws: { origins: ['https://console.example'] } });
    expect(await upgrade(wsPort, path, headers)).toBe(status);
    expect(sink.refusals).toEqual([expect.objectContaining({ reason, listener: 'ws', clientId: null })]);
  });

  test.each([
    ['with an origin that is listed', { ...mqtt, origin: 'https://console.example' }],
    ['without an origin', { 'sec-websocket-protocol': 'mqttv3.1' }],
  ])('succeed %s', async (_what, headers) => {
    const { wsPort } = await start({ ws: { origins: ['https://console.example'] } });
    expect(await upgrade(wsPort, '/mqtt?x=1', headers)).toBe(101);
  });

  test.each([
    ['TLS_ON_PLAIN_PORT', Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05])],
    ['PROTOCOL_NOT_MQTT', generate(connectPacket())],
  ])('%s: bytes on the WebSocket port that are no HTTP', async (reason, bytes) => {
    const { wsPort, sink } = await start();
    const client = await RawClient.open(wsPort);
    client.write(bytes);
    await client.closed();
    expect(sink.refusals).toEqual([expect.objectContaining({ reason, listener: 'ws' })]);
  });

  test('the address is the one a trusted proxy names, and nobody else may name one', async () => {
    const headers = { 'x-forwarded-for': '10.9.9.9, 203.0.113.7' };
    for (const [trustedProxies, ip] of [
      [['127.0.0.0/8'], '203.0.113.7'],
      [[], '127.0.0.1'],
    ] as const) {
      const { wsPort, sink, broker } = await start({ anonymous: 'deny', trustedProxies });
      const socket = new WebSocket(`ws://127.0.0.1:${wsPort}/mqtt`, 'mqtt', { headers });
      socket.on('open', () => socket.send(generate(connectPacket())));
      expect(await sink.refusal()).toMatchObject({ ip, reason: 'ANONYMOUS_DENIED' });
      await broker.stop();
    }
  });

  test('a text frame ends the connection v3.1.1 [MQTT-6.0.0-1]', async () => {
    const { wsPort } = await start();
    const socket = new WebSocket(`ws://127.0.0.1:${wsPort}/mqtt`, 'mqtt');
    socket.on('open', () => socket.send('hello'));
    const code = await new Promise((resolve) => socket.on('close', resolve));
    expect(code).toBe(1_003);
  });
});

/** An MQTT 5 CONNECT with these property bytes. */
function connect5(properties: Buffer, body = field('device-5')): Buffer {
  const head = Buffer.concat([field('MQTT'), Buffer.from([5, 2, 0, 60, properties.length])]);
  return frame(0x10, Buffer.concat([head, properties, body]));
}

describe('a client that is watched', () => {
  test('shows every attempt, refused and accepted, with its CONNECT and without its password', async () => {
    const watches = new WatchBook(systemClock);
    const { port } = await start({
      anonymous: 'deny',
      watches,
      credentials: [{ username: 'pump', password: 'open-sesame' }],
    });
    const watch = watches.start({ kind: 'clientId', value: 'pump-7' });
    for (const password of ['wrong-wrong', 'wrong-wrong', 'open-sesame']) {
      const client = await RawClient.open(port);
      client.write(
        generate(connectPacket({ clientId: 'pump-7', username: 'pump', password: Buffer.from(password) })),
      );
      await client.next();
      await client.drop();
    }
    const entries = watches.read(watch?.id ?? '', 0)?.entries ?? [];
    expect(entries.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['refused', 'BASIC_PASSWORD_MISMATCH'],
      ['refused', 'BASIC_PASSWORD_MISMATCH'],
      ['accepted', null],
    ]);
    for (const { connectHex } of entries) {
      const shown = Buffer.from(connectHex ?? '', 'hex').toString('latin1');
      expect(shown).toContain('pump-7');
      expect(shown).toMatch(/\*{11}$/);
    }
  });
});
