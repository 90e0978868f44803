import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialDto } from '@gatehouse/contract';
import { connect, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectWholeLife } from '../support/authenticator-life.ts';
import { BY_X509, connectWith, pki, root, VERIFYING_WSS } from '../support/certificates.ts';
import { mosquittoPub } from '../support/clients.ts';
import { startServer, type Server } from '../support/server.ts';

/** How long a change may take to reach an open session (auth.md §7). */
const LIVE_MS_MAX = 1_000;
const BAD_CREDENTIALS = 0x86;

describe('X.509 credentials of the store', () => {
  let server: Server;
  let api: Api;
  const open: MqttClient[] = [];
  beforeAll(async () => {
    server = await startServer({ set: [...BY_X509, ...VERIFYING_WSS] });
    api = new Api(server);
  });
  afterEach(() => {
    for (const client of open.splice(0)) client.end(true);
  });
  afterAll(() => server.stop());

  /** A device that stays; `closed` resolves to the milliseconds until its session is ended. */
  const device = async (name: string) => {
    const { cert, key } = pki.make({ subject: `/CN=${name}`, issuer: root });
    const client = connect(`mqtts://localhost:${String(server.ports.tls)}`, {
      ca: readFileSync(join(server.dataDir, 'pki/ca.crt')),
      clientId: name,
      protocolVersion: 5,
      reconnectPeriod: 0,
      cert,
      key,
    });
    open.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => {
        resolve();
      });
      client.once('error', reject);
    });
    const closed = new Promise<void>((resolve) => {
      client.once('close', resolve);
    });
    return { client, closed };
  };
  const make = (match: object, more: object = {}): Promise<CredentialDto> =>
    api.createCredential({ type: 'x509', match, ...more });
  const withinLimit = async (closed: Promise<void>): Promise<void> => {
    const started = performance.now();
    await closed;
    expect(performance.now() - started).toBeLessThan(LIVE_MS_MAX);
  };

  test('one made through the API admits a client with that certificate, and disabling it closes the session at once', async () => {
    const certificate = pki.make({ subject: '/CN=made-later', issuer: root });
    expect(await connectWith(server, 'made-later', certificate)).toBe(BAD_CREDENTIALS);
    const { id } = await make({ by: 'cn', value: 'made-later' });
    const { closed } = await device('made-later');
    expect(await api.ok('GET', `/credentials/${id}`)).toMatchObject({ type: 'x509', liveSessions: 1 });
    await api.ok('PATCH', `/credentials/${id}`, { enabled: false });
    await withinLimit(closed);
    expect(await connectWith(server, 'made-later', certificate)).not.toBe(0);
    expect(await api.row('clientId=made-later&reason=CREDENTIAL_DISABLED')).toBeDefined();
  });

  test('deleting one closes its sessions at once', async () => {
    const { id } = await make({ by: 'cn_pattern', pattern: 'gone-[0-9]' });
    const { closed } = await device('gone-1');
    await api.ok('DELETE', `/credentials/${id}`);
    await withinLimit(closed);
  });

  test('rules for a common name hold in an open session as soon as they are edited, and without any it ends', async () => {
    const rules = (topic: string) => [{ permission: 'allow', action: 'all', topic }];
    const rulesByCn = [{ pattern: 'ruled-.*', rules: rules('a/${cn}') }];
    const { id } = await make({ by: 'cn', value: 'ruled-1' }, { rulesByCn });
    const { client, closed } = await device('ruled-1');
    const granted = async (topic: string): Promise<number | undefined> =>
      (await client.subscribeAsync(topic).catch(() => []))[0]?.qos;
    expect(await granted('a/ruled-1')).toBe(0);
    expect(await granted('b/ruled-1')).not.toBe(0);
    const edited = [{ pattern: 'ruled-.*', rules: rules('b/${cn}') }];
    await api.ok('PATCH', `/credentials/${id}`, { x509: { rulesByCn: edited } });
    await expect.poll(() => granted('b/ruled-1'), { timeout: LIVE_MS_MAX }).toBe(0);
    await api.ok('PATCH', `/credentials/${id}`, { x509: { rulesByCn: [{ pattern: 'others', rules: [] }] } });
    await withinLimit(closed);
  });

  test('what the file declares and what is stored admit side by side', async () => {
    await make({ by: 'cn', value: 'stored' });
    const connack = (name: string): Promise<number> =>
      connectWith(server, name, pki.make({ subject: `/CN=${name}`, issuer: root }));
    expect([await connack('stored'), await connack('pump-1'), await connack('neither')]).toEqual([
      0,
      0,
      BAD_CREDENTIALS,
    ]);
  });

  test('the whole life of an authenticator at run time', async () => {
    await make({ by: 'cn', value: 'lives' });
    const certificate = pki.make({ subject: '/CN=lives', issuer: root });
    await expectWholeLife({
      api,
      name: 'own',
      settings: { type: 'x509' },
      secrets: [],
      hasBackend: false,
      attempt: { listener: 'wss', certificate: certificate.cert },
      admits: async () => (await connectWith(server, 'lives', certificate, {}, 'wss')) === 0,
    });
  });
});

const BY_PSK = ['listeners.tls.psk_ciphers=PSK-AES128-CBC-SHA,PSK-AES256-CBC-SHA'];

describe('pre-shared keys of the store', () => {
  let server: Server;
  let api: Api;
  beforeAll(async () => {
    server = await startServer({ set: BY_PSK });
    api = new Api(server);
    await api.ok('POST', '/authenticators', { name: 'keys', settings: { type: 'psk' } });
    await api.ok('PUT', '/chains/default', { steps: ['keys'] });
  });
  afterAll(() => server.stop());

  const publish = async (identity: string, key: string, clientId = identity): Promise<number> => {
    const psk = ['--psk-identity', identity, '--psk', key, '--tls-version', 'tlsv1.2'];
    return (await mosquittoPub(server.ports.tls, { clientId }, psk)).code;
  };

  test('one made through the API admits mosquitto_pub --psk with its key and no other, without any file', async () => {
    const made = await api.createCredential({ type: 'psk', identity: 'pipe-1' });
    expect(await publish('pipe-1', made.secret ?? '')).toBe(0);
    expect(await publish('pipe-1', 'ab'.repeat(32))).not.toBe(0);
    expect(await publish('valve-2', made.secret ?? '')).not.toBe(0);
  });

  test('a new key replaces the old one at once; a disabled or deleted credential admits nobody', async () => {
    const { id, secret: first = '' } = await api.createCredential({ type: 'psk', identity: 'rotated' });
    const { secret: second = '' } = await api.ok<{ secret?: string }>(
      'POST',
      `/credentials/${id}/secret`,
      {},
    );
    expect(await publish('rotated', first)).not.toBe(0);
    expect(await publish('rotated', second)).toBe(0);
    await api.ok('PATCH', `/credentials/${id}`, { enabled: false });
    expect(await publish('rotated', second)).not.toBe(0);
    expect(await api.row('clientId=rotated&reason=CREDENTIAL_DISABLED')).toMatchObject({
      pskIdentity: 'rotated',
    });
    await api.ok('DELETE', `/credentials/${id}`);
    expect(await publish('rotated', second)).not.toBe(0);
  });

  test("the guide's commands make one of each type, and what is exported is what was made", async () => {
    const guide = readFileSync(new URL('../../docs/guides/credentials.md', import.meta.url), 'utf8');
    const commands = [...guide.matchAll(/^gatehouse (credentials .*)$/gm)].map(([, command = '']) =>
      [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain),
    );
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) expect(await server.cli(command)).toMatchObject({ code: 0 });
    const { stdout } = await server.cli(['credentials', 'list', '--json']);
    const { items } = JSON.parse(stdout) as { items: CredentialDto[] };
    expect(new Set(items.map(({ type }) => type))).toEqual(new Set(['basic', 'x509', 'scram', 'psk']));
    const { stdout: csv } = await server.cli(['credentials', 'export']);
    expect(csv).toContain('"pump-[0-9]+"');
  });

  test('a key is still known after the server has been started again', async () => {
    const { secret = '' } = await api.createCredential({ type: 'psk', identity: 'kept' });
    await server.kill('SIGTERM');
    server = await startServer({ set: BY_PSK, dataDir: server.dataDir });
    expect(await publish('kept', secret)).toBe(0);
  });

  test('the whole life of an authenticator at run time', async () => {
    api = new Api(server);
    const { secret = '' } = await api.createCredential({ type: 'psk', identity: 'lives' });
    await expectWholeLife({
      api,
      name: 'others',
      settings: { type: 'psk' },
      secrets: [],
      hasBackend: false,
      attempt: { listener: 'tls', pskIdentity: 'lives' },
      admits: async () => (await publish('lives', secret)) === 0,
    });
  });
});
