import { once } from 'node:events';
import { connect, type ConnectionOptions } from 'node:tls';
import { connectAsync } from 'mqtt';
import { describe, expect, test } from 'vitest';
import type { ClientCertificates } from '../../src/index.ts';
import { inDays, type IssuedCertificate } from '../support/client-pki.ts';
import { certificate, runProgram } from './support.ts';
import { shown, VerifyingHouse } from './verifying-house.ts';

const house = VerifyingHouse.forThisFile();
const { pki, root, middle, pump } = house;
const revoked = pki.make({ subject: '/CN=stolen', issuer: middle });
pki.revoke(middle, revoked);
const lists = pki.list(root) + pki.list(middle);

/** What a tester is told beside the certificate. */
const TRIED = {
  listener: 'it',
  ip: '127.0.0.1',
  protocolVersion: 5,
  clientId: 'dev-1',
  username: undefined,
  password: undefined,
} as const;

describe('a listener that verifies its clients', () => {
  test('admits a client whose chain leads to its CA, and the attempt carries the facts', async () => {
    const it = await house.start();
    expect(await house.connect(it, shown(pump))).toMatchObject({ code: 0 });
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
      { trust: house.trust(lists) },
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
      { trust: house.trust(lists) },
    ],
    [
      'has a CA without a list',
      () => pump,
      'TLS_CRL_UNAVAILABLE',
      { code: 'UNABLE_TO_GET_CRL' },
      { trust: house.trust(pki.list(root)) },
    ],
    [
      'comes when a list is past its date',
      () => pump,
      'TLS_CRL_UNAVAILABLE',
      { code: 'CRL_HAS_EXPIRED' },
      { trust: house.trust(pki.list(root) + pki.list(middle, inDays(-1))) },
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
    'answers 0x87 and records the client ID of one that %s; the tester says the same',
    async (_what, make, reason, detail, differs) => {
      const it = await house.start(differs);
      const presented = make();
      const { code } = await house.connect(it, presented === undefined ? {} : shown(presented));
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
      const tried = await it.broker.tryAttempt({
        ...TRIED,
        certificate: presented && (presented.chain || presented.cert),
      });
      expect(tried.decision).toMatchObject({ outcome: 'deny', reason, detail });
    },
  );

  test('the tester makes of a certificate what the listener makes of it, in whatever order its CAs come', async () => {
    const it = await house.start({ trust: house.trust(lists) }, { certificateAsUsername: 'cn' });
    await house.connect(it, shown(pump));
    const [real] = it.attempts;
    for (const certificate of [pump.chain, middle.cert + pump.cert]) {
      const { attempt, decision } = await it.broker.tryAttempt({ ...TRIED, certificate });
      expect(decision.outcome).toBe('allow');
      expect(attempt.username).toBe('pump-7');
      const { certificate: own, verification } = attempt.tls ?? {};
      expect({ own, verification }).toEqual({
        own: real?.tls?.certificate,
        verification: real?.tls?.verification,
      });
    }
  });

  test('answers 5 to MQTT 3.1.1: mosquitto_pub says "not authorised"', async () => {
    const it = await house.start();
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
    const it = await house.start({}, {}, 'wss');
    const wsOptions = { ca: certificate.cert };
    const url = `wss://127.0.0.1:${it.port}/mqtt`;
    const more = { clientId: 'web', reconnectPeriod: 0, wsOptions } as const;
    await expect(connectAsync(url, more, false)).rejects.toMatchObject({ code: 5 });
    expect(await it.sink.refusal()).toMatchObject({ reason: 'TLS_CERT_REQUIRED', clientId: 'web' });
  });

  test('records the refusal of a client that leaves before its CONNECT', async () => {
    const it = await house.start();
    const socket = connect({ port: it.port, ca: certificate.cert, host: '127.0.0.1', maxVersion: 'TLSv1.2' });
    await once(socket, 'secureConnect');
    socket.end();
    expect(await it.sink.refusal()).toMatchObject({ reason: 'TLS_CERT_REQUIRED', clientId: null });
  });

  test('closes right after the handshake where it says so', async () => {
    const it = await house.start({ reject: 'handshake' });
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
    const it = await house.start({ reject: 'chain', required: false }, { certificateAsUsername: 'cn' });
    expect(await house.connect(it, shown(pki.make({ subject: '/CN=own' })))).toMatchObject({ code: 0 });
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
    const it = await house.start({ required: false });
    expect(await house.connect(it, {})).toMatchObject({ code: 0 });
    expect(it.attempts[0]?.tls).toMatchObject({ certificate: undefined, verification: undefined });
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'looks at the certificate in every %s handshake: none is resumed',
    async (version) => {
      const it = await house.start();
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
