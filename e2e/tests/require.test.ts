import type { ChainDto } from '@gatehouse/contract';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IClientOptions, MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { pki, REQUIRING_BOTH, root } from '../support/certificates.ts';
import { mqttJs } from '../support/clients.ts';
import { Guide } from '../support/guide.ts';
import { mqttJsByScram, ScramPeer } from '../support/scram.ts';
import { runProgram, startServer, type Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const certificates = new Map(
  ['pump-7', 'pump-8', 'lathe-1'].map((name) => [name, pki.make({ subject: `/CN=${name}`, issuer: root })]),
);
const BINARY = fileURLToPath(new URL('../../apps/server/bin/gatehouse.js', import.meta.url));
const clients: MqttClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.end(true);
});

/** How a client with this certificate, or without one, comes to the TLS listener. */
function shown(server: Server, certificate: string | undefined): IClientOptions {
  const { cert, key } = certificates.get(certificate ?? '') ?? {};
  return {
    ca: readFileSync(join(server.dataDir, 'pki/ca.crt')),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}

async function connect(
  server: Server,
  certificate: string | undefined,
  login: Partial<Record<'username' | 'password', string>>,
  clientId = 'device',
): Promise<{ readonly code: number; readonly client: MqttClient }> {
  const url = `mqtts://localhost:${String(server.ports.tls)}`;
  const made = await mqttJs(url, {
    ...shown(server, certificate),
    ...login,
    clientId,
    protocolVersion: 5,
  });
  clients.push(made.client);
  return made;
}

describe('the guide to require groups', () => {
  const guide = new Guide('authentication/require');
  let server: Server;
  let api: Api;
  const secrets: Record<string, string> = {};
  beforeAll(async () => {
    const files = { 'clients-ca.pem': pki.file('require-ca.pem', root.cert) };
    server = await startServer({ set: guide.settings(files) });
    api = new Api(server);
    for (const username of ['pump-7', 'pump-8', 'lathe-1']) {
      const args = ['credentials', 'add', '--username', username, '--publish', 'pumps/+/state', '--json'];
      const added = await server.cli(args);
      secrets[username] = (JSON.parse(added.stdout) as { secret: string }).secret;
    }
  });
  afterAll(() => server.stop());
  const login = (username: string) => ({ username, password: secrets[username] ?? '' });

  test('certificate and password of one client let it in, with what both allow', async () => {
    const { code, client } = await connect(server, 'pump-7', login('pump-7'));
    expect(code).toBe(0);
    await client.publishAsync('pumps/pump-7/state', 'on', { qos: 1 });
    // The certificate's rules allow it, the credential's do not; then the other way round.
    for (const topic of ['pumps/pump-7/other', 'pumps/pump-8/state']) {
      await expect(client.publishAsync(topic, 'x', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
    }
  });

  test.each([
    ['another client’s password', 'pump-7', 'pump-8', 'REQUIRE_BIND_MISMATCH', 0x86],
    ['another client’s certificate', 'pump-8', 'pump-7', 'REQUIRE_BIND_MISMATCH', 0x86],
    ['no certificate', undefined, 'pump-7', 'X509_CHAIN_EMPTY', 0x87],
    ['a certificate that nobody knows', 'lathe-1', 'lathe-1', 'X509_NO_CREDENTIALS', 0x86],
    ['no password', 'pump-7', undefined, 'BASIC_NO_CREDENTIALS', 0x86],
  ])('%s is refused, and the trace shows members and group', async (_, certificate, name, reason, wire) => {
    const clientId = `refused-${reason.toLowerCase()}-${certificate ?? 'none'}`;
    const { code } = await connect(server, certificate, name === undefined ? {} : login(name), clientId);
    const row = await api.row(`clientId=${clientId}`);
    expect([row.reason, row.connackCode]).toEqual([reason, code]);
    expect(code).toBe(wire);
    const { trace } = await api.detail(row.id);
    expect(trace?.map(({ authenticator }) => authenticator)).toEqual([
      'certificates',
      'builtin',
      'certificates + builtin',
    ]);
    expect(trace?.at(-1)).toMatchObject({ type: 'require', outcome: 'deny', reason });
  });

  test('a wrong password is refused for that', async () => {
    await connect(server, 'pump-7', { username: 'pump-7', password: 'guess-1' }, 'wrong');
    expect(await api.row('clientId=wrong')).toMatchObject({
      reason: 'BASIC_PASSWORD_MISMATCH',
      authenticator: 'builtin',
    });
  });

  test('no client leaves the group by choosing a method', async () => {
    const url = `mqtts://localhost:${String(server.ports.tls)}`;
    const peer = new ScramPeer('pump-7', 'any');
    const { code } = await mqttJsByScram(url, 'by-method', peer, shown(server, 'pump-7'));
    expect(code).toBe(0x8c);
    expect(await api.row('clientId=by-method')).toMatchObject({ reason: 'SCRAM_DISABLED' });
  });

  test('a change of the credential ends the session, though the certificate stays good', async () => {
    const { client } = await connect(server, 'pump-8', login('pump-8'), 'changed');
    const closed = new Promise<void>((resolve) => {
      client.once('close', () => {
        resolve();
      });
    });
    const { items } = await api.ok<{ items: { id: string }[] }>('GET', '/credentials?search=pump-8');
    await api.ok('PATCH', `/credentials/${items[0]?.id ?? ''}`, { description: 'moved' });
    const { code } = await connect(server, 'pump-7', login('pump-7'), 'unchanged');
    expect(code).toBe(0);
    await api.ok('PATCH', `/credentials/${items[0]?.id ?? ''}`, { superuser: true });
    await closed;
  });

  test('the API shows the group as it is in force, locked by what declares it', async () => {
    const chain = await api.ok<ChainDto>('GET', '/chains/both');
    expect(chain.steps).toEqual([
      { require: ['certificates', 'builtin'], identity: 'builtin', bind: 'cn_username' },
    ]);
    expect(chain.declaredAt).not.toBeNull();
    expect((await api.call('PUT', '/chains/both', { steps: ['builtin'] })).status).toBe(409);
  });
});

describe('a group that is edited at run time', () => {
  let server: Server;
  let api: Api;
  beforeAll(async () => {
    const settings = REQUIRING_BOTH.filter((setting) => !setting.startsWith('auth.chains.'));
    server = await startServer({
      set: [...settings, 'auth.chains.both=["fleet"]', 'auth.anonymous=allow'].map((one) =>
        one.startsWith('listeners.tls.chain') ? 'listeners.tls.chain=default' : one,
      ),
    });
    api = new Api(server);
  });
  afterAll(() => server.stop());
  const put = (steps: unknown) =>
    api.call<{ errors?: { path: string }[] }>('PUT', '/chains/default', { steps });

  test.each([
    ['one member', [{ require: ['builtin'] }], 'steps'],
    ['a member that is nobody', [{ require: ['fleet', 'ldap'] }], 'steps.0.require.1'],
    ['an identity that is no member', [{ require: ['fleet', 'builtin'], identity: 'x' }], 'steps.0.identity'],
    ['something after it', [{ require: ['fleet', 'builtin'] }, 'builtin'], 'steps.0'],
    ['a bind that is none', [{ require: ['fleet', 'builtin'], bind: 'dn' }], 'steps'],
  ])('%s is refused by its path, and nothing changes', async (_, steps, path) => {
    const answer = await put(steps);
    expect([answer.status, answer.body.errors?.[0]?.path.startsWith(path)]).toEqual([400, true]);
    expect((await api.ok<ChainDto>('GET', '/chains/default')).steps).toEqual(['builtin']);
  });

  test('certificate and SCRAM together, in force for the next client, also where anonymous clients are let in', async () => {
    await api.createCredential({ type: 'scram', username: 'pump-7', password: 'seven herons' });
    await api.ok('POST', '/authenticators', { name: 'sasl', settings: { type: 'scram' } });
    expect((await put([{ require: ['fleet', 'sasl'] }])).status).toBe(200);
    const url = `mqtts://localhost:${String(server.ports.tls)}`;
    const codeOf = async (certificate: string | undefined, username: string, password: string) => {
      const peer = new ScramPeer(username, password);
      const { code, client } = await mqttJsByScram(url, 'c', peer, shown(server, certificate));
      clients.push(client);
      return code;
    };
    await until('the group is in force', async () =>
      (await codeOf('pump-7', 'pump-7', 'seven herons')) === 0 ? true : undefined,
    );
    expect(await codeOf('pump-8', 'pump-7', 'seven herons')).toBe(0x86);
    expect(await codeOf('pump-7', 'pump-7', 'guess-1')).toBe(0x86);
    expect(await codeOf(undefined, 'pump-7', 'seven herons')).toBe(0x87);
    expect((await connect(server, 'pump-7', {}, 'plain')).code).toBe(0x87);
    expect(await api.row('clientId=plain')).toMatchObject({ reason: 'SCRAM_NOT_USED' });
    await api.ok('PATCH', '/authenticators/sasl', { settings: { type: 'scram', enabled: false } });
    await until('the switch is in force', async () =>
      (await connect(server, 'pump-7', {}, 'off')).code === 0x88 ? true : undefined,
    );
    await api.row('clientId=off', ({ reason }) => reason === 'AUTHENTICATOR_ERROR');
  });
});

describe('a configuration with a group that cannot work', () => {
  test.each([
    ['auth.chains.default=[{"require":["builtin","ldap"]}]', 'auth.chains.default.0.require.1'],
    [
      'auth.chains.default=[{"require":["builtin","builtin"],"bind":"none"}]',
      'auth.chains.default.0.require',
    ],
    ['auth.chains.default=[{"require":["builtin"]}]', 'auth.chains.default.0'],
  ])('%s is refused at start, with its path', async (setting, path) => {
    const ran = await runProgram(process.execPath, [BINARY, 'check', '--set', setting]);
    expect(ran.code).toBe(2);
    expect(ran.stderr + ran.stdout).toContain(path);
  });
});
