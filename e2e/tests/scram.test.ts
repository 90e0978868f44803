import type { AuthenticatorTestDto, CredentialWithSecretDto, StatsDto } from '@gatehouse/contract';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectWholeLife } from '../support/authenticator-life.ts';
import { mqttJs } from '../support/clients.ts';
import { Guide } from '../support/guide.ts';
import {
  admittedByScram,
  asked,
  authPacket,
  BY_SCRAM,
  type Mechanism,
  mqttJsByScram,
  openWithMethod,
  refusedCode,
  ScramPeer,
} from '../support/scram.ts';
import { until } from '../support/until.ts';
import { runProgram, startServer, type Server } from '../support/server.ts';

const MECHANISMS: readonly Mechanism[] = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];
const PASSWORD = 'seven grey herons, ½ wet';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const saltOf = (question: Buffer): string => /,s=([^,]+),/.exec(question.toString())?.[1] ?? '';

describe('SCRAM', () => {
  let server: Server;
  let api: Api;
  const scram = (username: string, more: object = {}): Promise<CredentialWithSecretDto> =>
    api.createCredential({ type: 'scram', username, password: PASSWORD, ...more });
  const url = (): string => `mqtt://127.0.0.1:${String(server.ports.tcp)}`;

  beforeAll(async () => {
    server = await startServer({ set: BY_SCRAM });
    api = new Api(server);
  });
  afterAll(() => server.stop());

  test.each(MECHANISMS)(
    '%s admits who knows the password, and the server proves the same',
    async (mechanism) => {
      const name = `both-${mechanism.toLowerCase()}`;
      await scram(name);
      const client = await admittedByScram(server, name, new ScramPeer(name, PASSWORD, mechanism));
      expect(await client.drain()).toEqual([]);
      await client.drop();
      const { code, client: other } = await mqttJsByScram(
        url(),
        name,
        new ScramPeer(name, PASSWORD, mechanism),
      );
      expect(code).toBe(0);
      await other.endAsync();
    },
  );

  test('a session is taken over after the proof, and by nobody without one', async () => {
    await scram('owner');
    const first = await admittedByScram(server, 'taken', new ScramPeer('owner', PASSWORD));
    const stranger = new ScramPeer('owner', 'guess-1');
    const second = await openWithMethod(server, 'taken', stranger.mechanism, stranger.first);
    second.send(authPacket(0x18, stranger.mechanism, stranger.final(await asked(second))));
    expect(await refusedCode(second)).toBe(0x86);
    expect(await first.drain()).toEqual([]);
    const again = await admittedByScram(server, 'taken', new ScramPeer('owner', PASSWORD));
    expect(await first.closed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x8e }]);
    await again.drop();
  });

  test('a client that is connected proves itself again, and has the rights that its credential gives then', async () => {
    const { id } = await scram('again', { superuser: true });
    const peer = new ScramPeer('again', PASSWORD);
    const client = await admittedByScram(server, 'again', peer);
    const next = new ScramPeer('again', PASSWORD);
    client.send(authPacket(0x19, next.mechanism, next.first));
    client.send(authPacket(0x18, next.mechanism, next.final(await asked(client))));
    const last = await client.next();
    expect(last).toMatchObject({ cmd: 'auth', reasonCode: 0 });
    expect(next.isServer(last.cmd === 'auth' ? last.properties?.authenticationData : undefined)).toBe(true);
    await api.ok('PATCH', `/credentials/${id}`, { enabled: false });
    expect(await client.closed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x87 }]);
  });

  test('whom SCRAM has named is blocked by that name, though CONNECT names nobody', async () => {
    await scram('barred');
    await api.ok('POST', '/blocked-clients', { kind: 'username', value: 'barred' });
    const { code } = await mqttJsByScram(url(), 'unnamed', new ScramPeer('barred', PASSWORD));
    expect(code).toBe(0x8a);
    expect(await api.row('clientId=unnamed')).toMatchObject({ reason: 'CLIENT_BLOCKED' });
  });

  test('the trace of a refusal has the step, and no part of the password', async () => {
    const { id } = await scram('traced');
    await mqttJsByScram(url(), 'traced', new ScramPeer('traced', 'guess-2'));
    const row = await api.row('clientId=traced');
    expect(row).toMatchObject({ reason: 'SCRAM_PROOF_MISMATCH', authenticator: 'scram' });
    expect((await api.detail(row.id)).trace).toMatchObject([
      {
        authenticator: 'scram',
        type: 'scram',
        outcome: 'deny',
        detail: { credentialId: id, mechanism: 'SCRAM-SHA-256' },
      },
    ]);
  });

  test('what it answered is counted', async () => {
    const { authenticators } = await api.ok<StatsDto>('GET', '/stats');
    const counted = authenticators.find(({ name }) => name === 'scram');
    expect(counted?.allow).toBeGreaterThan(0);
    expect(counted?.deny).toBeGreaterThan(0);
  });

  test('gatehouse try plays the client, and says without a method that there is none', async () => {
    await scram('tried');
    const tried = (password: string, ...more: string[]) =>
      server.cli(
        ['try', '--username', 'tried', '--client-id', 'x', '--password-stdin', '--json', ...more],
        password,
      );
    const method = ['--auth-method', 'SCRAM-SHA-512'];
    const good = await tried(PASSWORD, ...method);
    expect([good.code, JSON.parse(good.stdout)]).toMatchObject([0, { outcome: 'allow', by: 'scram' }]);
    const wrong = await tried('guess-3', ...method);
    expect([wrong.code, JSON.parse(wrong.stdout)]).toMatchObject([3, { reason: 'SCRAM_PROOF_MISMATCH' }]);
    const plain = await tried(PASSWORD);
    expect([plain.code, JSON.parse(plain.stdout)]).toMatchObject([3, { reason: 'SCRAM_NOT_USED' }]);
  });

  test('the test of the authenticator runs an exchange, and tells what is stored without a key', async () => {
    const { id } = await scram('tested');
    const told = await api.ok<AuthenticatorTestDto>('POST', '/authenticators/scram/test', {
      attempt: { username: 'tested', password: PASSWORD },
    });
    expect(told).toMatchObject({
      step: { outcome: 'allow' },
      explained: { credentialId: id, keysFor: MECHANISMS, iterations: ['4096', '4096'] },
    });
  });
});

describe('a chain that is edited', () => {
  let server: Server;
  let api: Api;
  beforeAll(async () => {
    server = await startServer();
    api = new Api(server);
  });
  afterAll(() => server.stop());

  test('turns SCRAM on and off at run time, for the next client', async () => {
    await api.createCredential({ type: 'scram', username: 'edited', password: PASSWORD });
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const codeOf = async (): Promise<number> =>
      (await mqttJsByScram(url, 'edited', new ScramPeer('edited', PASSWORD))).code;
    const becomes = (code: number) =>
      until(`the code ${String(code)}`, async () => ((await codeOf()) === code ? true : undefined));
    await becomes(0x8c);
    await api.ok('POST', '/authenticators', { name: 'sasl', settings: { type: 'scram' } });
    await api.ok('PUT', '/chains/default', { steps: ['sasl', 'builtin'] });
    await becomes(0);
    await api.ok('PATCH', '/authenticators/sasl', {
      settings: { type: 'scram', mechanisms: ['SCRAM-SHA-512'] },
    });
    await becomes(0x8c);
    await api.row('clientId=edited', ({ reason }) => reason === 'SCRAM_METHOD_UNSUPPORTED');
  });

  test('and is changed in every other way, too', async () => {
    const lives = await api.createCredential({ type: 'scram', username: 'lives', password: PASSWORD });
    await expectWholeLife({
      api,
      name: 'whole',
      settings: { type: 'scram' },
      secrets: [],
      hasBackend: false,
      attempt: { username: lives.username, password: PASSWORD, authMethod: 'SCRAM-SHA-256' },
      admits: async () => {
        const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
        const { code, client } = await mqttJsByScram(url, 'lives', new ScramPeer('lives', PASSWORD));
        client.end(true);
        return code === 0;
      },
    });
  });
});

describe('a user whom nobody knows', () => {
  test('is told the same salt each time, also after a restart', async () => {
    let server = await startServer({ set: BY_SCRAM });
    const { dataDir } = server;
    const salt = async (): Promise<string> => {
      const client = await openWithMethod(
        server,
        'nobody',
        'SCRAM-SHA-256',
        new ScramPeer('nobody', 'x').first,
      );
      const found = saltOf(await asked(client));
      await client.drop();
      return found;
    };
    const first = await salt();
    expect(await salt()).toBe(first);
    await server.kill('SIGTERM');
    server = await startServer({ set: BY_SCRAM, dataDir });
    expect(await salt()).toBe(first);
    expect(first).not.toBe('');
    await server.stop();
  });
});

describe('the guide to SCRAM', () => {
  const guide = new Guide('authentication/scram');
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ set: guide.settings() });
    await new Api(server).createCredential(JSON.parse(guide.example('json')) as Record<string, unknown>);
  });
  afterAll(() => server.stop());

  test('its program is let in and publishes', async () => {
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const ran = await runProgram('/usr/bin/env', [
      '-C',
      ROOT,
      `BROKER_URL=${url}`,
      process.execPath,
      '--input-type=module',
      '-e',
      guide.example('js'),
    ]);
    expect(ran).toMatchObject({ code: 0, stdout: 'published\n' });
  });

  test('its chain lets in who sends a password too', async () => {
    const { secret } = await new Api(server).createCredential({ username: 'old-device' });
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const { code, client } = await mqttJs(url, {
      clientId: 'old-device',
      username: 'old-device',
      password: secret ?? '',
    });
    expect(code).toBe(0);
    await client.endAsync();
  });
});
