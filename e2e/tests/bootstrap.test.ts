import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { connectWith, pki, root } from '../support/certificates.ts';
import { mosquittoPub } from '../support/clients.ts';
import { admittedByScram, ScramPeer } from '../support/scram.ts';
import { startServer, type Server } from '../support/server.ts';

const KEY = '0f'.repeat(32);
const CREDENTIALS = [
  { username: 'first-basic', password: 'seven grey herons' },
  { type: 'scram', username: 'first-scram', password: 'seven grey herons' },
  { type: 'psk', identity: 'first-psk', psk_key: KEY },
  {
    type: 'x509',
    name: 'Pumps',
    cn_pattern: 'first-[0-9]',
    rules_by_cn: [{ pattern: '.*', rules: [{ permission: 'allow', action: 'all', topic: '${cn}/#' }] }],
  },
];

describe('auth.bootstrap_credentials', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({
      set: [
        `auth.bootstrap_credentials=${JSON.stringify(CREDENTIALS)}`,
        'auth.authenticators={"scram":{"type":"scram"},"x509":{"type":"x509"},"psk":{"type":"psk"}}',
        'auth.chains={"default":["scram","builtin"],"certificates":["x509"],"keys":["psk"]}',
        'listeners.tls.verify=verify_peer',
        `listeners.tls.ca=${pki.file('bootstrap-ca.pem', root.cert)}`,
        'listeners.tls.reject=chain',
        'listeners.tls.chain=certificates',
      ],
    });
  });
  afterAll(() => server.stop());

  test('of a password, SCRAM and a certificate let a real client in at the first start', async () => {
    const basic = { clientId: 'a', username: 'first-basic', password: 'seven grey herons' };
    expect((await mosquittoPub(server.ports.tcp, basic)).code).toBe(0);
    const peer = new ScramPeer('first-scram', 'seven grey herons');
    await (await admittedByScram(server, 'first-scram', peer)).drop();
    const certificate = pki.make({ subject: '/CN=first-1', issuer: root });
    expect(await connectWith(server, 'first-1', certificate)).toBe(0);
    const other = pki.make({ subject: '/CN=other-1', issuer: root });
    expect(await connectWith(server, 'other-1', other)).not.toBe(0);
    const api = new Api(server);
    const { items } = await api.ok<{ items: { type: string }[] }>('GET', '/credentials');
    expect(items.map(({ type }) => type).sort()).toEqual(['basic', 'psk', 'scram', 'x509']);
    expect(JSON.stringify(items)).not.toContain(KEY);
  });
});

describe('auth.bootstrap_credentials of a pre-shared key', () => {
  const set = [
    `auth.bootstrap_credentials=${JSON.stringify(CREDENTIALS.slice(2, 3))}`,
    'listeners.tls.psk_ciphers=PSK-AES128-CBC-SHA,PSK-AES256-CBC-SHA',
    'listeners.tls.chain=keys',
    'auth.chains={"keys":["psk"]}',
    'auth.authenticators={"psk":{"type":"psk"}}',
  ];

  test('let in who has the key at the first start, and nobody else', async () => {
    const server = await startServer({ set });
    try {
      const publish = async (key: string): Promise<number> => {
        const psk = ['--psk-identity', 'first-psk', '--psk', key, '--tls-version', 'tlsv1.2'];
        return (await mosquittoPub(server.ports.tls, { clientId: 'valve' }, psk)).code;
      };
      expect(await publish(KEY)).toBe(0);
      expect(await publish('0e'.repeat(32))).not.toBe(0);
    } finally {
      await server.stop();
    }
  });
});
