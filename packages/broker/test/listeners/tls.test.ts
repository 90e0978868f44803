import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { connectAsync } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../support/fake-clock.ts';
import { makeCertificate } from './certificates.ts';
import {
  certificate,
  closed,
  openSocket,
  type RunningListener,
  runProgram,
  startListener,
  TLS,
} from './support.ts';

let running: RunningListener | undefined;
const clients: { destroy(): unknown }[] = [];
const trusted = { host: '127.0.0.1', ca: certificate.cert };

async function start(...args: Parameters<typeof startListener>): Promise<RunningListener> {
  running = await startListener(...args);
  return running;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await running?.broker.stop();
  running = undefined;
});

/** A TLS client whose failures are the server's to report. */
function openTls(port: number, options: ConnectionOptions = {}): TLSSocket {
  const socket = connect({ ...trusted, port, ...options });
  socket.on('error', () => undefined);
  clients.push(socket);
  return socket;
}

describe.each([
  ['tls', (port: number) => `mqtts://127.0.0.1:${port}`],
  ['wss', (port: number) => `wss://127.0.0.1:${port}/mqtt`],
] as const)('MQTT over %s', (transport, url) => {
  test('MQTT.js gets in, and the attempt carries the facts of its TLS layer', async () => {
    const { port, attempts, broker } = await start({ transport, tls: TLS });
    const client = await connectAsync(url(port), {
      ca: certificate.cert,
      clientId: 'seen',
      servername: 'localhost',
      ...(transport === 'tls' ? { ALPNProtocols: ['mqtt'] } : {}),
      wsOptions: { servername: 'localhost', ALPNProtocols: ['h2', 'http/1.1'] } as object,
    });
    await client.subscribeAsync('a');
    const arrived = new Promise<Buffer>((resolve) => {
      client.once('message', (_topic, payload) => {
        resolve(payload);
      });
    });
    await client.publishAsync('a', 'b'.repeat(100_000));
    expect(await arrived).toHaveLength(100_000);
    expect(await broker.inspection.getClient('seen')).toMatchObject({
      connection: {
        tls: true,
        tlsVersion: 'TLSv1.3',
        tlsCipher: expect.stringMatching(/^TLS_/) as string,
      },
    });
    await client.endAsync();
    expect(attempts[0]).toMatchObject({
      transport,
      ip: '127.0.0.1',
      tls: {
        version: 'TLSv1.3',
        cipher: expect.stringMatching(/^TLS_/) as string,
        serverName: 'localhost',
        alpnProtocol: transport === 'tls' ? 'mqtt' : 'http/1.1',
      },
    });
  });

  test('a client that does not trust the certificate is a refusal', async () => {
    const { port, sink } = await start({ transport, tls: TLS });
    await expect(connectAsync(url(port), { reconnectPeriod: 0 }, false)).rejects.toThrow(/self-signed/);
    expect(await sink.refusal()).toMatchObject({
      reason: 'TLS_SERVER_CERT_REJECTED',
      tlsUsed: false,
      ip: '127.0.0.1',
    });
  });

  test.each([
    ['MQTT', Buffer.from('10100004', 'hex'), 'PLAIN_ON_TLS_PORT'],
    [
      'HTTP',
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      transport === 'wss' ? 'PLAIN_ON_TLS_PORT' : 'HTTP_ON_MQTT_PORT',
    ],
    ['anything else', Buffer.from('SSH-2.0-x\r\n'), 'PROTOCOL_NOT_MQTT'],
  ])('plain %s on the port is refused', async (_what, bytes, reason) => {
    const { port, sink } = await start({ transport, tls: TLS });
    const socket = await openSocket(port);
    socket.write(bytes);
    expect(await sink.refusal()).toMatchObject({ reason, ip: '127.0.0.1', listener: 'it' });
    await closed(socket);
  });
});

describe('a client that leaves without a word', () => {
  test('after a TLS 1.2 handshake has most likely rejected our certificate', async () => {
    const { port, sink } = await start({ transport: 'tls', tls: TLS });
    openTls(port, { ca: makeCertificate().cert, maxVersion: 'TLSv1.2' });
    expect(await sink.refusal()).toMatchObject({
      reason: 'TLS_SERVER_CERT_REJECTED',
      detail: { inferred: true },
      ip: '127.0.0.1',
    });
    expect(sink.refusals).toHaveLength(1);
  });

  test('before it has sent a byte is nobody: a look at whether the port is open', async () => {
    const { port, sink, broker } = await start({ transport: 'tls', tls: TLS });
    const socket = await openSocket(port);
    await expect.poll(() => broker.stats().connections.open).toBe(1);
    socket.destroy();
    await expect.poll(() => broker.stats().connections.open).toBe(0);
    expect(sink.refusals).toEqual([]);
  });
});

describe("mosquitto's clients", () => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-tls-'));
  const ca = join(dir, 'ca.pem');
  writeFileSync(ca, certificate.cert);
  const other = join(dir, 'other.pem');
  writeFileSync(other, makeCertificate().cert);
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const words = (text: string): string[] => text.split(' ');

  test('publish to one another with --cafile, and are recorded when they do not know our CA', async () => {
    const { port, sink, broker } = await start({ transport: 'tls', tls: TLS });
    const target = ['-h', 'localhost', '-p', String(port), '-t', 'a/b'];
    const subscriber = runProgram('mosquitto_sub', [...target, ...words(`--cafile ${ca} -C 1 -q 1`)]);
    await expect.poll(() => broker.stats().subscriptions).toBe(1);
    const published = await runProgram('mosquitto_pub', [
      ...target,
      ...words(`--cafile ${ca} -q 1 -m hello`),
    ]);
    expect(published.code).toBe(0);
    expect((await subscriber).stdout).toBe('hello\n');
    expect(sink.refusals).toEqual([]);
    const refused = await runProgram('mosquitto_pub', [...target, ...words(`--cafile ${other} -m x`)]);
    expect(refused.code).not.toBe(0);
    // An alert, or a reset that overtook it.
    expect(await sink.refusal()).toMatchObject({ reason: 'TLS_SERVER_CERT_REJECTED' });
  });
});

describe('versions and ciphers', () => {
  const handshake = async (port: number, options: ConnectionOptions): Promise<TLSSocket> => {
    const socket = openTls(port, options);
    await once(socket, 'secureConnect');
    return socket;
  };

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken by default', async (version) => {
    const { port } = await start({ transport: 'tls', tls: TLS });
    const socket = await handshake(port, { minVersion: version, maxVersion: version });
    expect(socket.getProtocol()).toBe(version);
  });

  test('TLS 1.1 is refused by default, with what was offered and what is accepted', async () => {
    const { port, sink } = await start({ transport: 'tls', tls: TLS });
    const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'];
    await runProgram('openssl', args);
    expect(await sink.refusal()).toMatchObject({
      reason: 'TLS_VERSION_UNSUPPORTED',
      detail: { offeredVersions: ['TLSv1.1'], acceptedVersions: ['TLSv1.2', 'TLSv1.3'] },
    });
  });

  test('TLS 1.0 and 1.1 are spoken where the listener says so', async () => {
    const { port } = await start({ transport: 'tls', tls: { ...TLS, minVersion: 'TLSv1' } });
    for (const flag of ['-tls1', '-tls1_1']) {
      const args = ['s_client', '-connect', `127.0.0.1:${port}`, flag, '-cipher', 'ALL:@SECLEVEL=0'];
      expect((await runProgram('openssl', args)).stdout).toMatch(/Cipher is ECDHE-ECDSA-AES/);
    }
  });

  test('nothing newer is spoken than the listener says, and a client that has only that is told', async () => {
    const { port, sink } = await start({ transport: 'tls', tls: { ...TLS, maxVersion: 'TLSv1.2' } });
    expect((await handshake(port, {})).getProtocol()).toBe('TLSv1.2');
    openTls(port, { minVersion: 'TLSv1.3' });
    expect(await sink.refusal()).toMatchObject({
      reason: 'TLS_VERSION_UNSUPPORTED',
      detail: { offeredVersions: ['TLSv1.3'], acceptedVersions: ['TLSv1.2'] },
    });
  });

  test('a client without a common cipher is refused, with both lists', async () => {
    const ciphers = 'ECDHE-ECDSA-AES256-GCM-SHA384,NO-SUCH-CIPHER';
    const { port, sink } = await start({ transport: 'tls', tls: { ...TLS, ciphers } });
    openTls(port, { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA256', servername: 'broker.example' });
    expect(await sink.refusal()).toMatchObject({
      reason: 'TLS_NO_SHARED_CIPHER',
      detail: {
        offeredCiphers: ['AES128-SHA256'],
        acceptedCiphers: ['ECDHE-ECDSA-AES256-GCM-SHA384'],
        serverName: 'broker.example',
      },
    });
    const socket = await handshake(port, { maxVersion: 'TLSv1.2' });
    expect(socket.getCipher().name).toBe('ECDHE-ECDSA-AES256-GCM-SHA384');
  });

  test('an RSA certificate serves as well', async () => {
    const rsa = makeCertificate('rsa:2048');
    const { port } = await start({ transport: 'tls', tls: { ...TLS, certificate: rsa } });
    const socket = await handshake(port, { ca: rsa.cert, maxVersion: 'TLSv1.2' });
    expect(socket.getCipher().name).toMatch(/^ECDHE-RSA-/);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a ticket shortens the next %s handshake', async (version) => {
    const { port } = await start({ transport: 'tls', tls: TLS });
    const first = openTls(port, { maxVersion: version });
    const [session] = (await once(first, 'session')) as [Buffer];
    const second = await handshake(port, { maxVersion: version, session });
    expect(second.isSessionReused()).toBe(true);
  });
});

describe('a handshake that does not end', () => {
  test.each([
    ['sends nothing', Buffer.alloc(0)],
    ['stops within its hello', Buffer.from('1603010200010001fc0303', 'hex')],
    // Two messages, of which the second never comes.
    ['sends a hello that is none', Buffer.from('16030100050200000100', 'hex')],
  ])('is cut when the client %s', async (_what, bytes) => {
    const clock = new FakeClock();
    const { port, sink, broker } = await start({ transport: 'tls', tls: TLS }, { clock });
    const socket = await openSocket(port);
    if (bytes.length > 0) socket.write(bytes);
    await expect.poll(() => broker.stats().connections.halfOpen).toBe(1);
    const refusal = sink.refusal();
    await expect
      .poll(() => {
        clock.advance(10_001);
        return sink.refusals.length;
      })
      .toBe(1);
    expect((await refusal).reason).toMatch(/^TLS_HANDSHAKE_(TIMEOUT|FAILED)$/);
    await expect.poll(() => broker.stats().connections.open).toBe(0);
  });
});

describe('a new certificate', () => {
  test('is shown to new connections, and open ones live on', async () => {
    const { port, broker } = await start({ transport: 'tls', tls: TLS });
    const old = await connectAsync(`mqtts://127.0.0.1:${port}`, { ca: certificate.cert });
    const next = makeCertificate('ec', 'next');
    broker.useCertificate('it', next);
    const socket = openTls(port, { ca: next.cert });
    await once(socket, 'secureConnect');
    expect(socket.getPeerCertificate().subject.CN).toBe('next');
    await old.subscribeAsync('still/here');
    await old.endAsync();
  });

  test('that OpenSSL cannot use is turned down, and the one before stays', async () => {
    const { port, broker } = await start({ transport: 'tls', tls: TLS });
    const mixed = { key: makeCertificate().key, cert: makeCertificate().cert };
    expect(() => {
      broker.useCertificate('it', mixed);
    }).toThrow(/key/i);
    const socket = openTls(port);
    await once(socket, 'secureConnect');
    expect(socket.getPeerCertificate().subject.CN).toBe('localhost');
  });
});
