import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { isAccessEntry, parseAccessList } from '../../src/listeners/access-list.ts';
import { closed, openSocket, type RunningListener, startListener, TLS } from './support.ts';

describe('an access list', () => {
  const gateways = parseAccessList(['deny 10.0.7.9', 'allow 10.0.0.0/8', 'allow 2001:db8::/32', 'deny all']);

  test.each([
    ['10.0.7.8', undefined],
    ['10.0.7.9', 'deny 10.0.7.9'],
    ['2001:db8::7', undefined],
    ['2001:db9::7', 'deny all'],
    ['192.0.2.1', 'deny all'],
    ['', 'deny all'],
  ])('is decided by the first entry that holds the address: %s', (ip, expected) => {
    expect(gateways(ip)).toBe(expected);
  });

  test('lets in whom no entry holds', () => {
    expect(parseAccessList(['deny 10.0.0.0/8'])('192.0.2.1')).toBeUndefined();
  });

  test.each(['', 'deny', 'all', 'deny 10.0.0', 'permit all', 'deny 10.0.0.0/33', 'deny all now'])(
    'has no entry such as %j',
    (entry) => {
      expect(isAccessEntry(entry)).toBe(false);
      expect(() => parseAccessList(['allow all', entry])).toThrow(`"${entry}" is no`);
    },
  );
});

describe('a listener with an access list', () => {
  let running: RunningListener | undefined;
  afterEach(async () => {
    await running?.broker.stop();
    running = undefined;
  });
  const start = async (...args: Parameters<typeof startListener>): Promise<RunningListener> => {
    running = await startListener(...args);
    return running;
  };

  test('closes who is shut out before a byte is read, and records the entry', async () => {
    const { port, sink, broker } = await start({ transport: 'tls', tls: TLS, access: ['deny 127.0.0.9'] });
    const stranger = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.9' });
    stranger.on('error', () => undefined).resume();
    await once(stranger, 'close');
    expect(await sink.refusal()).toMatchObject({
      reason: 'LISTENER_ADDRESS_DENIED',
      detail: { entry: 'deny 127.0.0.9' },
      ip: '127.0.0.9',
      connackCode: null,
    });
    expect(broker.stats().connections.open).toBe(0);
    const welcome = await openSocket(port);
    await expect.poll(() => broker.stats().connections.open).toBe(1);
    welcome.destroy();
  });

  test('asks about the client that a proxy speaks for, not about the proxy', async () => {
    const { port, sink } = await start(
      { transport: 'tcp', proxyProtocol: true, access: ['allow 198.51.100.0/24', 'deny all'] },
      { trustedProxies: ['127.0.0.1'] },
    );
    const socket = await openSocket(port);
    socket.write('PROXY TCP4 203.0.113.7 192.0.2.1 56324 1883\r\n');
    await closed(socket);
    expect(await sink.refusal()).toMatchObject({ reason: 'LISTENER_ADDRESS_DENIED', ip: '203.0.113.7' });
    const known = await openSocket(port);
    known.write('PROXY TCP4 198.51.100.4 192.0.2.1 56324 1883\r\nSSH-2.0\r\n');
    await closed(known);
    expect(await sink.refusal(2)).toMatchObject({ reason: 'PROTOCOL_NOT_MQTT', ip: '198.51.100.4' });
  });

  test('asks about the client that a web proxy names', async () => {
    const { port, sink } = await start(
      { transport: 'ws', access: ['deny 203.0.113.0/24'] },
      { trustedProxies: ['127.0.0.1'] },
    );
    const client = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, 'mqtt', {
      headers: { 'x-forwarded-for': '203.0.113.7' },
    });
    client.on('error', () => undefined);
    await once(client, 'close');
    expect(await sink.refusal()).toMatchObject({ reason: 'LISTENER_ADDRESS_DENIED', ip: '203.0.113.7' });
  });
});
