import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { connectWith, pki, root, BY_X509 } from '../support/certificates.ts';
import { mosquittoPub } from '../support/clients.ts';
import { admittedByScram, ScramPeer } from '../support/scram.ts';
import { startServer, type Server } from '../support/server.ts';

/** What EMQX's built-in database keeps: four bytes of salt and a hex digest, in base64 as its export has them. */
function blob(password: string): string {
  const salt = randomBytes(4);
  const digest = createHash('sha256').update(salt).update(password).digest('hex');
  return Buffer.concat([salt, Buffer.from(digest)]).toString('base64');
}

let server: Server;
let api: Api;
let folder: string;
const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
};
const carry = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await server.cli(['import', ...args, '--json']);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as { errors: { at: string; message: string }[]; notes: string[] }) };
};
const publish = async (
  device: { readonly username?: string; readonly clientId?: string },
  password: string,
  topic = 'gatehouse/e2e',
): Promise<string> => {
  const identity = { clientId: 'import', ...device, password };
  return (await mosquittoPub(server.ports.tcp, identity, ['-V', '5', '-q', '1', '-t', topic])).stderr;
};

beforeAll(async () => {
  const scram = ['auth.authenticators.scram={"type":"scram"}', 'auth.chains.default=["scram","builtin"]'];
  server = await startServer({ set: [...BY_X509, ...scram, 'listeners.tcp.chain=default'] });
  api = new Api(server);
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-import-'));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('gatehouse import emqx', () => {
  test('a data export of 4.3 lets in by username and by client ID, with the old password and the old rules', async () => {
    const data = file('emqx-export.json', {
      version: '4.3',
      date: '2026-11-20 10:00:00',
      apps: [{ id: 'admin' }],
      auth_mnesia: [
        { login: 'emqx-user', type: 'username', password: blob('public'), created_at: 1 },
        { login: 'emqx-device', type: 'clientid', password: blob('secret'), created_at: 1 },
      ],
      acl_mnesia: [
        { type: 'all', topic: 'forbidden/#', action: 'pubsub', access: 'deny', created_at: 1 },
        {
          type: 'username',
          type_value: 'emqx-user',
          topic: 'own/%u',
          action: 'pub',
          access: 'deny',
          created_at: 2,
        },
        {
          type: 'username',
          type_value: 'emqx-user',
          topic: 'own/%u',
          action: 'pub',
          access: 'allow',
          created_at: 3,
        },
        {
          type: 'clientid',
          type_value: 'emqx-device',
          topic: 'forbidden/x',
          action: 'pub',
          access: 'allow',
          created_at: 1,
        },
      ],
    });
    expect(await carry('emqx', '--dry-run', data)).toMatchObject({
      code: 0,
      written: false,
      credentials: { created: 2 },
      rules: { created: 4 },
      errors: [],
      notes: [expect.stringContaining('gatehouse api-keys create')],
    });
    await carry('emqx', data);
    expect(await publish({ username: 'emqx-user' }, 'public')).toBe('');
    expect(await publish({ username: 'emqx-user' }, 'wrong')).not.toBe('');
    expect(await publish({ clientId: 'emqx-device', username: 'any' }, 'secret')).toBe('');
    expect(await publish({ username: 'emqx-user' }, 'public', 'own/emqx-user')).toBe('');
    expect(await publish({ username: 'emqx-user' }, 'public', 'forbidden/x')).toContain('ot authorized');
    expect(await publish({ clientId: 'emqx-device', username: 'any' }, 'secret', 'forbidden/x')).toBe('');
    expect(await carry('emqx', data)).toMatchObject({
      credentials: { created: 0, skipped: 2 },
      rules: { created: 0, skipped: 4 },
    });
  });

  test('bans keep out whom they kept out, and those that have ended are passed over', async () => {
    const soon = Math.floor(Date.now() / 1_000) + 3_600;
    const entry = (who: object, until: unknown) => ({ who, by: 'dashboard', reason: 'noisy', at: 1, until });
    const data = file('banned.json', {
      version: '4.3',
      blacklist: [
        entry({ clientid: 'emqx-banned' }, soon),
        entry({ peerhost: '203.0.113.7' }, soon),
        entry({ username: 'long-ago' }, 1),
        entry({ clientid_re: '^a' }, soon),
      ],
    });
    const refused = await carry('emqx', data);
    expect([refused.code, refused.errors]).toEqual([
      1,
      [
        {
          at: `${data}, blacklist 4`,
          message: expect.stringContaining('no client ID, username or address') as string,
        },
      ],
    ]);
    expect(await carry('emqx', '--skip-errors', data)).toMatchObject({ blocks: { created: 2, skipped: 0 } });
    expect(await carry('emqx', '--skip-errors', data)).toMatchObject({ blocks: { created: 0, skipped: 2 } });
    const { items } = await api.ok<{ items: object[] }>('GET', '/blocked-clients?sort=value');
    expect(items).toMatchObject([
      { kind: 'ip', value: '203.0.113.7', comment: 'EMQX, by dashboard, noisy' },
      { kind: 'clientId', value: 'emqx-banned', expiresAt: new Date(soon * 1_000).toISOString() },
    ]);
    expect(await publish({ clientId: 'emqx-banned', username: 'emqx-user' }, 'public')).not.toBe('');
    expect(await publish({ clientId: 'not-banned', username: 'emqx-user' }, 'public')).toBe('');
  });

  test('rules of acl.conf are asked from the top, its last allowances after a client’s own; what is none is named by its line', async () => {
    const conf = file(
      'acl.conf',
      `%% who may see numbers
{allow, {user, "dashboard"}, subscribe, ["$SYS/#"]}.
{allow, {'and', [{client, "a"}, {ipaddr, "10.0.0.0/8"}]}, pubsub, ["a/%c", {eq, "#"}]}.
{allow, {ipaddrs, ["127.0.0.1", "::1"]},
  publish, ["local/#"]}.
{deny, {user, {re, "^x"}}, publish, ["x"]}.
{deny, all, subscribe, ["$SYS/#", {eq, "#"}]}.
{allow, all}.
{allow, all, publish, "no list"}.
`,
    );
    const dry = await carry('emqx', '--dry-run', conf);
    expect(dry.errors.map(({ at, message }) => `${at}: ${message}`)).toEqual([
      expect.stringContaining('acl.conf:6: its client is told by an expression'),
      expect.stringContaining('acl.conf:9: it has no list of topics'),
    ]);
    expect(await carry('emqx', '--skip-errors', conf)).toMatchObject({ rules: { created: 5, skipped: 0 } });
    const { items } = await api.ok<{ items: { comment: string }[] }>('GET', '/acl-rules?search=acl.conf');
    expect(items).toMatchObject([
      { phase: 'before', permission: 'allow', who: { username: 'dashboard' }, topics: ['$SYS/#'] },
      {
        who: { and: [{ clientId: 'a' }, { ip: '10.0.0.0/8' }] },
        action: 'all',
        topics: ['a/%c', 'eq #'],
      },
      { who: { or: [{ ip: '127.0.0.1' }, { ip: '::1' }] }, action: 'publish', topics: ['local/#'] },
      { permission: 'deny', who: 'all', action: 'subscribe', topics: ['$SYS/#', 'eq #'] },
      { phase: 'after', permission: 'allow', who: 'all', action: 'all', topics: ['#', '$SYS/#'] },
    ]);
  });

  test('users as EMQX 5 imports them let in, hashed as --password-hash tells, in CSV and in JSON', async () => {
    const digest = createHash('sha256').update('swordfishpepper').digest('hex');
    const csv = file('users.csv', `user_id,password_hash,salt,is_superuser\nfive-1,${digest},pepper,true\n`);
    const refused = await carry('emqx', csv);
    expect([refused.code, refused.errors]).toEqual([
      1,
      [{ at: `${csv}:2`, message: expect.stringContaining('--password-hash') as string }],
    ]);
    expect((await carry('emqx', '--password-hash', 'sha256,salt', csv)).code).toBe(0);
    expect(await publish({ username: 'five-1' }, 'swordfish')).toBe('');
    const plain = file('users.json', [{ user_id: 'five-2', password: 'in plain text', is_superuser: false }]);
    expect((await carry('emqx', '--user-id-type', 'clientid', plain)).code).toBe(0);
    expect(await publish({ clientId: 'five-2', username: 'u' }, 'in plain text')).toBe('');
    const { items } = await api.ok<{ items: object[] }>('GET', '/credentials?username=five-1');
    expect(items).toMatchObject([{ superuser: true, secretKind: 'imported' }]);
  });

  test('tells what is not of 4.3, and which entry it is', async () => {
    const odd = file('odd.json', {
      auth_mnesia: [
        { login: 'old', password: blob('x') },
        { login: 'b', type: 'username', password: 'AAAA' },
      ],
      acl_mnesia: [{ type: 'all', topic: 'a/#/b', action: 'pub', access: 'allow' }],
    });
    const { code, errors } = await carry('emqx', odd);
    expect([code, ...errors.map(({ at, message }) => `${at}: ${message}`)]).toEqual([
      1,
      expect.stringContaining('auth_mnesia 1: its type is neither'),
      expect.stringContaining('auth_mnesia 2: the password: not a password blob'),
      expect.stringContaining('acl_mnesia 1: its topic is no filter'),
    ]);
  });
});

/** Keys as TBMQ stores them, made on Node's crypto. */
function scramValue(userName: string, password: string): object {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, 4096, 32, 'sha256');
  const key = (name: string) => createHmac('sha256', salted).update(name).digest();
  return {
    userName,
    salt: salt.toString('base64'),
    storedKey: createHash('sha256').update(key('Client Key')).digest('base64'),
    serverKey: key('Server Key').toString('base64'),
    algorithm: 'SHA_256',
    authRules: { pubAuthRulePatterns: ['.*'], subAuthRulePatterns: ['.*'] },
  };
}

describe('gatehouse import tbmq', () => {
  /** `public`, from the vectors of bcrypt. */
  const BCRYPT = '$2b$04$abcdefghijklmnopqrstuuaNoRgelGRsJ2Tm9Zn/HHRlHib6lnzBu';
  const ALL = { pubAuthRulePatterns: ['.*'], subAuthRulePatterns: ['.*'] };
  const row = (credentials_type: string, name: string, value: object) => ({
    name,
    credentials_type,
    client_type: 'DEVICE',
    credentials_value: JSON.stringify(value),
    additional_info: '{"description":"from TBMQ"}',
  });

  test('basic, certificate and SCRAM credentials let in real clients as they did', async () => {
    // A list that is not there allows nothing, as there.
    const cnRules = { 'tbmq-.*': { pubAuthRulePatterns: ['state/${cn}', 'plant/[^/]+/.*'] } };
    const rows = file('credentials.json', [
      row('MQTT_BASIC', 'Basic', { userName: 'tbmq-user', password: BCRYPT, authRules: ALL }),
      row('X_509', 'Cert', { certCnPattern: 'tbmq-[0-9]', certCnIsRegex: true, authRulesMapping: cnRules }),
      row('SCRAM', 'Scram', scramValue('tbmq-scram', 'seven grey herons')),
      row('MQTT_BASIC', 'TBMQ WebSockets', { userName: 'tbmq_websockets_username', authRules: ALL }),
    ]);
    expect(await carry('tbmq', rows)).toMatchObject({
      code: 0,
      credentials: { created: 3 },
      errors: [],
      notes: [expect.stringContaining('WebSocket')],
    });
    expect(await publish({ username: 'tbmq-user' }, 'public')).toBe('');
    expect(await publish({ username: 'tbmq-user' }, 'secret')).not.toBe('');
    const peer = new ScramPeer('tbmq-scram', 'seven grey herons');
    await (await admittedByScram(server, 'tbmq-scram', peer)).drop();
    expect(await connectWith(server, 'tbmq-1', pki.make({ subject: '/CN=tbmq-1', issuer: root }))).toBe(0);
    const { items } = await api.ok<{ items: object[] }>('GET', '/credentials?type=x509');
    expect(items).toMatchObject([
      {
        description: 'from TBMQ',
        x509: {
          rulesByCn: [
            {
              rules: [
                { action: 'publish', topic: 'state/${cn}' },
                { action: 'publish', topic: 'plant/+/+/#' },
              ],
            },
          ],
        },
      },
    ]);
  });

  test('a rule that is a regular expression, and a password that is not there, are told by entry', async () => {
    const regex = { pubAuthRulePatterns: ['sensors/[0-9]+/.*'], subAuthRulePatterns: ['.*'] };
    const rows = file('page.json', {
      data: [
        {
          name: 'R',
          credentialsType: 'MQTT_BASIC',
          credentialsValue: { userName: 'r', password: BCRYPT, authRules: regex },
        },
        { name: 'N', credentialsType: 'MQTT_BASIC', credentialsValue: { userName: 'n' } },
        { name: 'J', credentialsType: 'JWT', credentialsValue: {} },
      ],
    });
    const { code, errors } = await carry('tbmq', rows);
    expect([code, ...errors.map(({ at, message }) => `${at}: ${message}`)]).toEqual([
      1,
      expect.stringContaining('entry 1: has a rule that is a regular expression'),
      expect.stringContaining('entry 2: has no password'),
      expect.stringContaining('entry 3: its credentials_type is none of'),
    ]);
  });
});
