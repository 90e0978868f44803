import { once } from 'node:events';
import { connect, type ConnectionOptions } from 'node:tls';
import {
  connect as mqttConnect,
  connectAsync,
  type IClientOptions,
  type IConnackPacket,
  type MqttClient,
} from 'mqtt';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type ClientCertificates, ReplaceableValue } from '../../src/index.ts';
import { ClientPki, inDays, type IssuedCertificate } from '../support/client-pki.ts';
import { certificate, type RunningListener, runProgram, startListener, TLS } from './support.ts';

const pki = new ClientPki();
const root = pki.make({ subject: '/O=Acme/CN=Root', isAuthority: true });
const middle = pki.make({ subject: '/O=Acme/CN=Middle', issuer: root, isAuthority: true });
const pump = pki.make({ subject: '/O=Acme/CN=pump-7', issuer: middle });
const revoked = pki.make({ subject: '/CN=stolen', issuer: middle });
const direct = pki.make({ subject: '/O=Acme/OU=Hall 3/CN=pump-8', issuer: root });
pki.revoke(middle, revoked);
const lists = pki.list(root) + pki.list(middle);
afterAll(() => {
  pki.remove();
});

let running: RunningListener | undefined;
const clients: MqttClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  await running?.broker.stop();
  running = undefined;
});

const trustOf = (crl = ''): ReplaceableValue<{ ca: string; crl: string }> =>
  new ReplaceableValue({ ca: root.cert, crl });

async function start(differs: Partial<ClientCertificates> = {}, identity = {}): Promise<RunningListener> {
  const clientCertificates: ClientCertificates = {
    trust: trustOf(),
    required: true,
    depthMax: 10,
    reject: 'connack',
    ...differs,
  };
  running = await startListener({ transport: 'tls', tls: { ...TLS, clientCertificates, identity } });
  return running;
}

const shown = ({ chain, cert, key }: IssuedCertificate) => ({ cert: chain === '' ? cert : chain, key });

/** Connects as `dev-1`; resolves to the CONNACK code, 0 is in. */
async function mqtt(
  { port }: RunningListener,
  client: Pick<IClientOptions, 'cert' | 'key'> & Partial<IClientOptions>,
): Promise<{ readonly code: number; readonly client?: MqttClient }> {
  try {
    const connected = await connectAsync(
      `mqtts://127.0.0.1:${port}`,
      { ca: certificate.cert, clientId: 'dev-1', reconnectPeriod: 0, protocolVersion: 5, ...client },
      false,
    );
    clients.push(connected);
    return { code: 0, client: connected };
  } catch (error) {
    return { code: (error as { code: number }).code };
  }
}

const closing = (client: MqttClient | undefined): Promise<void> =>
  new Promise((resolve) => {
    client?.once('close', () => {
      resolve();
    });
  });

describe('a listener that verifies its clients', () => {
  test('admits a client whose chain leads to its CA, and the attempt carries the facts', async () => {
    const it = await start();
    expect(await mqtt(it, shown(pump))).toMatchObject({ code: 0 });
    const facts = it.attempts[0]?.tls;
    expect(facts).toMatchObject({
      verification: { verified: true },
      certificate: { commonName: 'pump-7', subject: 'CN=pump-7,O=Acme', issuer: 'CN=Middle,O=Acme' },
      chain: [{ commonName: 'pump-7' }, { commonName: 'Middle' }],
      pskIdentity: undefined,
    });
    expect(facts?.certificate).not.toHaveProperty('alternativeNames');
  });

  const bad: [
    what: string,
    make: () => IssuedCertificate | undefined,
    reason: string,
    detail: object,
    differs?: Partial<ClientCertificates>,
  ][] = [
    ['presents none', () => undefined, 'TLS_CERT_REQUIRED', {}],
    [
      'presents one that it signed itself',
      () => pki.make({ subject: '/CN=own' }),
      'TLS_CERT_UNTRUSTED',
      { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', certificate: 'CN=own', depth: 0 },
    ],
    [
      'presents one that it signed itself, where lists are kept',
      () => pki.make({ subject: '/CN=own' }),
      'TLS_CERT_UNTRUSTED',
      { certificate: 'CN=own', depth: 0 },
      { trust: trustOf(lists) },
    ],
    [
      'leaves out the certificate between',
      () => ({ ...pump, chain: pump.cert }),
      'TLS_CERT_UNTRUSTED',
      { certificate: 'CN=pump-7,O=Acme', depth: 0 },
    ],
    [
      'presents an expired one',
      () => pki.make({ subject: '/CN=old', issuer: middle, from: inDays(-9), until: inDays(-1) }),
      'TLS_CERT_EXPIRED',
      { code: 'CERT_HAS_EXPIRED', certificate: 'CN=old', depth: 0 },
    ],
    [
      'presents one that is not valid yet',
      () => pki.make({ subject: '/CN=new', issuer: middle, from: inDays(2) }),
      'TLS_CERT_NOT_YET_VALID',
      { code: 'CERT_NOT_YET_VALID', certificate: 'CN=new', depth: 0 },
    ],
    [
      'has an expired certificate above its own',
      () => {
        const old = pki.make({
          subject: '/CN=Old middle',
          issuer: root,
          isAuthority: true,
          from: inDays(-9),
          until: inDays(-1),
        });
        return pki.make({ subject: '/CN=below', issuer: old });
      },
      'TLS_CERT_EXPIRED',
      { certificate: 'CN=Old middle', depth: 1 },
    ],
    [
      'presents a revoked one',
      () => revoked,
      'TLS_CERT_REVOKED',
      { code: 'CERT_REVOKED', certificate: 'CN=stolen', depth: 0 },
      { trust: trustOf(lists) },
    ],
    [
      'has a CA without a list',
      () => pump,
      'TLS_CRL_UNAVAILABLE',
      { code: 'UNABLE_TO_GET_CRL' },
      { trust: trustOf(pki.list(root)) },
    ],
    [
      'comes when a list is past its date',
      () => pump,
      'TLS_CRL_UNAVAILABLE',
      { code: 'CRL_HAS_EXPIRED' },
      { trust: trustOf(pki.list(root) + pki.list(middle, inDays(-1))) },
    ],
    [
      'presents one for servers',
      () => pki.make({ subject: '/CN=web', issuer: middle, usage: 'serverAuth' }),
      'TLS_CERT_UNTRUSTED',
      { code: 'INVALID_PURPOSE', certificate: 'CN=web' },
    ],
    [
      'has too long a chain',
      () => pump,
      'TLS_CERT_UNTRUSTED',
      { code: 'CERT_CHAIN_TOO_LONG' },
      { depthMax: 0 },
    ],
  ];

  test.each(bad)(
    'answers 0x87 and records the client ID of one that %s',
    async (_what, make, reason, detail, differs) => {
      const it = await start(differs);
      const presented = make();
      const { code } = await mqtt(it, presented === undefined ? {} : shown(presented));
      expect(code).toBe(0x87);
      expect(await it.sink.refusal()).toMatchObject({
        reason,
        detail,
        clientId: 'dev-1',
        ip: '127.0.0.1',
        tlsUsed: true,
        connackCode: 0x87,
        authenticator: null,
      });
      expect(it.attempts).toEqual([]);
    },
  );

  test('answers 5 to MQTT 3.1.1: mosquitto_pub says "not authorised"', async () => {
    const it = await start();
    const ca = pki.file('server.pem', certificate.cert);
    const { stderr } = await runProgram('mosquitto_pub', [
      ...['-h', 'localhost', '-p', String(it.port), '--cafile', ca, '-t', 'a', '-m', 'b', '-i', 'dev-3'],
    ]);
    expect(stderr).toMatch(/not authori[sz]ed/i);
    expect(await it.sink.refusal()).toMatchObject({
      reason: 'TLS_CERT_REQUIRED',
      clientId: 'dev-3',
      connackCode: 5,
    });
  });

  test('answers over secure WebSocket too', async () => {
    const clientCertificates = { trust: trustOf(), required: true, depthMax: 10, reject: 'connack' } as const;
    running = await startListener({ transport: 'wss', tls: { ...TLS, clientCertificates } });
    const wsOptions = { ca: certificate.cert };
    const url = `wss://127.0.0.1:${running.port}/mqtt`;
    const more = { clientId: 'web', reconnectPeriod: 0, wsOptions } as const;
    await expect(connectAsync(url, more, false)).rejects.toMatchObject({ code: 5 });
    expect(await running.sink.refusal()).toMatchObject({ reason: 'TLS_CERT_REQUIRED', clientId: 'web' });
  });

  test('records the refusal of a client that leaves before its CONNECT', async () => {
    const it = await start();
    const socket = connect({ port: it.port, ca: certificate.cert, host: '127.0.0.1', maxVersion: 'TLSv1.2' });
    await once(socket, 'secureConnect');
    socket.end();
    expect(await it.sink.refusal()).toMatchObject({ reason: 'TLS_CERT_REQUIRED', clientId: null });
  });

  test('closes right after the handshake where it says so', async () => {
    const it = await start({ reject: 'handshake' });
    const own = pki.make({ subject: '/CN=own' });
    const socket = connect({
      port: it.port,
      ca: certificate.cert,
      host: '127.0.0.1',
      cert: own.cert,
      key: own.key,
    });
    socket.on('error', () => undefined);
    await once(socket, 'close');
    expect(await it.sink.refusal()).toMatchObject({
      reason: 'TLS_CERT_UNTRUSTED',
      clientId: null,
      certificate: { subject: 'CN=own' },
    });
  });

  test('lets the chain decide where it says so, with what is wrong, and gives such a client no name', async () => {
    const it = await start({ reject: 'chain', required: false }, { certificateAsUsername: 'cn' });
    expect(await mqtt(it, shown(pki.make({ subject: '/CN=own' })))).toMatchObject({ code: 0 });
    expect(it.attempts[0]).toMatchObject({
      username: undefined,
      tls: {
        verification: { verified: false, problem: 'no-path' },
        certificate: undefined,
        chain: [{ commonName: 'own' }],
      },
    });
  });

  test('admits a client without a certificate where none is required, and no session without one reads as verified', async () => {
    const it = await start({ required: false });
    expect(await mqtt(it, {})).toMatchObject({ code: 0 });
    expect(it.attempts[0]?.tls).toMatchObject({ certificate: undefined, verification: undefined });
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'looks at the certificate in every %s handshake: none is resumed',
    async (version) => {
      const it = await start();
      const options: ConnectionOptions = {
        port: it.port,
        host: '127.0.0.1',
        ca: certificate.cert,
        ...shown(pump),
        minVersion: version,
        maxVersion: version,
      };
      const first = connect(options);
      let session: Buffer | undefined;
      first.on('session', (ticket) => (session = ticket));
      await once(first, 'secureConnect');
      first.write(Buffer.from('101000044d5154540502003c00000361626300', 'hex'));
      await once(first, 'data');
      first.destroy();
      const second = connect({ ...options, ...(session && { session }) });
      await once(second, 'secureConnect');
      expect(second.isSessionReused()).toBe(false);
      second.destroy();
    },
  );
});

describe('CAs and lists that are replaced', () => {
  test('a new list ends the session of a certificate that it names, and no other', async () => {
    const trust = trustOf(lists);
    const it = await start({ trust });
    const stays = await mqtt(it, { ...shown(direct), clientId: 'stays' });
    const goes = await mqtt(it, { ...shown(pump), clientId: 'goes' });
    const closed = closing(goes.client);
    pki.revoke(middle, pump);
    trust.replace({ ca: root.cert, crl: pki.list(root) + pki.list(middle) });
    await closed;
    expect((await mqtt(it, { ...shown(pump), clientId: 'goes' })).code).toBe(0x87);
    expect(await it.sink.refusal()).toMatchObject({ reason: 'TLS_CERT_REVOKED', clientId: 'goes' });
    expect(stays.client?.connected).toBe(true);
    await stays.client?.subscribeAsync('still/here');
  });

  test('a CA that is trusted no more takes its sessions with it, and another one brings its own in', async () => {
    const trust = trustOf();
    const it = await start({ trust });
    const old = await mqtt(it, shown(direct));
    const other = pki.make({ subject: '/CN=Other root', isAuthority: true });
    const closed = closing(old.client);
    trust.replace({ ca: other.cert, crl: '' });
    await closed;
    expect((await mqtt(it, shown(direct))).code).toBe(0x87);
    expect((await mqtt(it, shown(pki.make({ subject: '/CN=x', issuer: other })))).code).toBe(0);
  });

  test.each([
    ['CAs', { ca: 'no PEM', crl: '' }, /no CA certificate/],
    ['lists', { ca: root.cert, crl: 'no PEM' }, /no revocation list/],
    [
      'a damaged list',
      { ca: root.cert, crl: '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----' },
      /damaged/,
    ],
  ])('%s that cannot be read are turned down, and those before stay', async (_what, next, message) => {
    const trust = trustOf();
    const it = await start({ trust });
    expect(() => {
      trust.replace(next);
    }).toThrow(message);
    expect((await mqtt(it, shown(direct))).code).toBe(0);
  });
});

describe('names from the certificate', () => {
  test.each([
    ['cn', 'pump-8'],
    ['dn', 'CN=pump-8,OU=Hall 3,O=Acme'],
    ['md5', expect.stringMatching(/^[0-9a-f]{32}$/) as string],
    ['crt', expect.stringMatching(/^MII[\w+/]+=*$/) as string],
    ['pem', expect.stringMatching(/^MII[\w+/]+=*$/) as string],
  ] as const)('%s as username wins over that of CONNECT', async (part, username) => {
    const it = await start({}, { certificateAsUsername: part });
    await mqtt(it, { ...shown(direct), username: 'somebody-else' });
    expect(it.attempts[0]).toMatchObject({ username, clientId: 'dev-1' });
  });

  test('the CN as client ID wins too, and a client that sent none is told', async () => {
    const it = await start({}, { certificateAsClientId: 'cn' });
    const url = `mqtts://127.0.0.1:${it.port}`;
    const client = mqttConnect(url, {
      ca: certificate.cert,
      clientId: '',
      protocolVersion: 5,
      ...shown(direct),
    });
    clients.push(client);
    const connack = await new Promise<IConnackPacket>((resolve) => {
      client.once('connect', resolve);
    });
    expect(it.attempts[0]).toMatchObject({ clientId: 'pump-8', clientIdAssigned: false });
    expect(connack.properties?.assignedClientIdentifier).toBe('pump-8');
  });

  test('a certificate without that part leaves what CONNECT says', async () => {
    const it = await start({}, { certificateAsUsername: 'cn' });
    await mqtt(it, { ...shown(pki.make({ subject: '/O=Acme', issuer: root })), username: 'said' });
    expect(it.attempts[0]).toMatchObject({ username: 'said' });
  });
});

describe('access rules', () => {
  test('${cn} and a rule about a common name speak of the certificate, whatever authenticator admitted its client', async () => {
    const listener = await start();
    const rule = { phase: 'before', action: 'publish', who: 'all' } as const;
    listener.broker.applyControlEvent({
      kind: 'access-changed',
      rules: [
        { ...rule, id: 'named', permission: 'deny', who: { cn: 'pump-8' }, topics: ['of/pump-8/locked'] },
        { ...rule, id: 'own', permission: 'allow', topics: ['of/${cn}/#'] },
        { ...rule, id: 'others', permission: 'deny', topics: ['of/#'] },
      ],
    });
    const seven = await mqtt(listener, { ...shown(pump), clientId: 'seven' });
    const eight = await mqtt(listener, { ...shown(direct), clientId: 'eight' });
    const publish = async ({ client }: typeof seven, topic: string): Promise<boolean> => {
      try {
        await client?.publishAsync(topic, 'x', { qos: 1 });
        return true;
      } catch {
        return false;
      }
    };
    expect(await publish(seven, 'of/pump-7/state')).toBe(true);
    expect(await publish(seven, 'of/pump-8/state')).toBe(false);
    expect(await publish(eight, 'of/pump-8/state')).toBe(true);
    expect(await publish(eight, 'of/pump-8/locked')).toBe(false);
  });
});
