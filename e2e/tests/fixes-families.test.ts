import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChainDto, NewCertificateDto, UnauthorizedClientDetailDto } from '@gatehouse/contract';
import type { IClientOptions } from 'mqtt';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ClientPki, inDays, type IssuedCertificate } from '../../packages/broker/test/support/client-pki.ts';
import { Api } from '../support/api.ts';
import { expectAxeClean } from '../support/axe.ts';
import { consoleAsOwner, type Watched, watchedPage } from '../support/browser.ts';
import { mosquittoPub, mqttJs } from '../support/clients.ts';
import { runProgram, startServer, type Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const BINARY = fileURLToPath(new URL('../../apps/server/bin/gatehouse.js', import.meta.url));
const ADMITTED = 0;
const NOT_AUTHORIZED = 0x87;
const BANNED = 0x8a;
/** One listener for pre-shared keys, one that verifies certificates by the private CA; the chains are edited here. */
const SETTINGS = [
  'listeners.tls.psk_ciphers=PSK-AES128-CBC-SHA,PSK-AES256-CBC-SHA',
  'listeners.wss.verify=verify_peer',
];
const STEPS = ['fleet', 'keys', 'builtin'];

type Held = Pick<IssuedCertificate, 'cert' | 'key'>;

let dataDir: string;
let pki: ClientPki;
let server: Server;
let api: Api;
let browser: Browser;
let watched: Watched;
let page: Page;
let origin: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-families-'));
  pki = new ClientPki();
  const made = await runProgram(process.execPath, [BINARY, 'pki', 'init', '--set', `data_dir=${dataDir}`]);
  expect(made, made.stderr).toMatchObject({ code: 0 });
  server = await startServer({ console: true, dataDir, set: SETTINGS });
  api = new Api(server);
  await api.ok('POST', '/authenticators', {
    name: 'fleet',
    settings: { type: 'x509', on_mismatch: 'ignore' },
  });
  await api.ok('POST', '/authenticators', { name: 'keys', settings: { type: 'psk' } });
  await api.ok('PUT', '/chains/default', { steps: STEPS });
  ({ browser, watched, page, origin } = await consoleAsOwner(server, { acceptDownloads: true }));
});
afterEach(() => {
  watched.expectClean();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  pki.remove();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The CONNACK code that a client gets over TCP. */
const connect = async (clientId: string, more: IClientOptions = {}): Promise<number> => {
  const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
  const { code, client } = await mqttJs(url, { clientId, protocolVersion: 5, ...more });
  await client.endAsync(true);
  return code;
};
const login = (username: string, password: string): IClientOptions => ({ username, password });

/** The same with a certificate, on the listener that asks for one. */
const connectWith = async (clientId: string, held: Held | undefined, ca?: Buffer): Promise<number> => {
  const { code, client } = await mqttJs(`wss://localhost:${String(server.ports.wss)}/mqtt`, {
    ca: ca ?? readFileSync(join(dataDir, 'pki/ca.crt')),
    clientId,
    protocolVersion: 5,
    ...(held === undefined ? {} : { cert: held.cert, key: held.key }),
  });
  await client.endAsync(true);
  return code;
};
const issue = async (commonName: string): Promise<Held & { readonly serial: string }> => {
  const made = await api.ok<NewCertificateDto>('POST', '/certificates', { commonName });
  return { cert: made.certificate, key: made.privateKey ?? '', serial: made.id };
};
const publishWithKey = async (identity: string, key: string): Promise<number> => {
  const psk = ['--psk-identity', identity, '--psk', key, '--tls-version', 'tlsv1.2'];
  return (await mosquittoPub(server.ports.tls, { clientId: `${identity}-client` }, psk)).code;
};

const settled = (id: string): Promise<true> =>
  until(`the row ${id} is resolved`, async () =>
    (await api.detail(id)).state === 'resolved' ? true : undefined,
  );

/** Opens the page of a refused client; answers what it is told about. */
async function openReason(query: string, reason: string): Promise<UnauthorizedClientDetailDto> {
  const { id } = await api.row(query, (one) => one.reason === reason);
  await page.goto(`${origin}/unauthorized/${id}`);
  await page.getByText(reason, { exact: true }).first().waitFor();
  return api.detail(id);
}
const keysOf = ({ likelyCause }: UnauthorizedClientDetailDto): readonly string[] =>
  likelyCause.map(({ key }) => key);
const follow = (name: string): Promise<void> => page.getByRole('link', { name, exact: true }).click();
const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
const dialog = () => page.getByRole('dialog').last();
/** What a press downloads. */
async function saved(pressed: Locator): Promise<string> {
  const download = page.waitForEvent('download');
  await pressed.click();
  return readFileSync(await (await download).path(), 'utf8');
}

describe('fixes of clients that are told by their handshake', () => {
  test('create credential from a pre-shared key: its key admits the device, and its row is resolved', async () => {
    expect(await publishWithKey('meter-1', 'ab'.repeat(32))).not.toBe(ADMITTED);
    const { id } = await openReason('reason=PSK_UNKNOWN_IDENTITY', 'PSK_UNKNOWN_IDENTITY');
    await follow('Create credential from this attempt');
    await page.waitForURL(/credentials\/new/);
    expect(await page.getByLabel('Identity', { exact: true }).inputValue()).toBe('meter-1');
    await press('Create credential');
    const key = (await page.getByTestId('secret').textContent()) ?? '';
    expect(await publishWithKey('meter-1', key)).toBe(ADMITTED);
    await settled(id);
  });

  test('set a new secret of a pre-shared key: the new one admits the device, and its row is resolved', async () => {
    expect(await publishWithKey('meter-1', 'cd'.repeat(32))).not.toBe(ADMITTED);
    const { id } = await openReason('reason=PSK_KEY_MISMATCH', 'PSK_KEY_MISMATCH');
    await press('Set a new secret');
    await dialog().getByRole('button', { name: 'Set a new secret' }).click();
    const key = (await page.getByTestId('secret').textContent()) ?? '';
    expect(await publishWithKey('meter-1', key)).toBe(ADMITTED);
    await settled(id);
    await press('I have stored it');
  });

  test('a credential for a certificate resolves every row of that certificate, whatever its client IDs', async () => {
    const held = await issue('valve-1');
    expect(await connectWith('valve-1-random-a', held)).not.toBe(ADMITTED);
    expect(await connectWith('valve-1-random-b', held)).not.toBe(ADMITTED);
    const other = await api.row('clientId=valve-1-random-b');
    const { id } = await openReason('clientId=valve-1-random-a', 'X509_NO_CREDENTIALS');
    await follow('Create credential from this attempt');
    await page.waitForURL(/credentials\/new/);
    await press('Create credential');
    await page.getByText('mosquitto_pub').first().waitFor();
    expect(await connectWith('valve-1-random-c', held)).toBe(ADMITTED);
    await settled(id);
    await settled(other.id);
  });

  test('add rules for this CN: an entry for the name is written, and saving it admits the device', async () => {
    const rulesByCn = [{ pattern: 'pump-1', rules: [{ permission: 'allow', action: 'all', topic: 'p/#' }] }];
    const match = { by: 'cn_pattern', pattern: 'pump-.*' };
    await api.createCredential({ type: 'x509', name: 'Pumps', match, rulesByCn });
    const held = await issue('pump-2');
    expect(await connectWith('pump-2', held)).toBe(NOT_AUTHORIZED);
    const { id } = await openReason('clientId=pump-2', 'X509_NO_RULES_FOR_CN');
    await follow('Add rules for this CN');
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved').first().waitFor();
    expect(await connectWith('pump-2', held)).toBe(ADMITTED);
    await settled(id);
  });

  test('get the CA certificate: the client that did not trust the server gets in with the file', async () => {
    const held = await issue('pump-1');
    const stranger = pki.make({ subject: '/CN=Somebody', isAuthority: true });
    await expect(connectWith('pump-1', held, Buffer.from(stranger.cert))).rejects.toThrow();
    await openReason('reason=TLS_SERVER_CERT_REJECTED', 'TLS_SERVER_CERT_REJECTED');
    await follow('Get the CA certificate');
    const ca = await saved(page.locator('a[href$="/certificates/ca.pem"]').first());
    expect(await connectWith('pump-1', held, Buffer.from(ca))).toBe(ADMITTED);
  });

  test('show the certificate: who revoked it is said, and its entry is one click away', async () => {
    const held = await issue('pump-3');
    await api.ok('POST', `/certificates/${held.serial}/revoke`, { reason: 'keyCompromise' });
    await until('the revocation is in force', async () =>
      (await connectWith('pump-3', held)) === NOT_AUTHORIZED ? true : undefined,
    );
    const detail = await openReason('clientId=pump-3', 'TLS_CERT_REVOKED');
    const [said] = detail.likelyCause;
    expect(said).toMatchObject({ key: 'certificate-revoked', values: { serial: held.serial } });
    expect(said?.values['by']).toContain('e2e');
    await page.getByText('key lost or stolen').waitFor();
    await page.getByRole('link', { name: 'See the certificate' }).waitFor();
    await follow('Show the certificate');
    await page
      .getByRole('row', { name: /pump-3/ })
      .getByText('Revoked')
      .waitFor();
  });
});

test.each([1440, 1024, 390])(
  'the reason of a revoked certificate, %i pixels wide: axe clean in both themes as page and drawer, nothing beside the screen',
  async (width) => {
    const { id } = await api.row('clientId=pump-3');
    await page.setViewportSize({ width, height: 900 });
    for (const path of [`/unauthorized/${id}`, `/unauthorized?open=${id}`]) {
      await expectAxeClean(page, `${origin}${path}`);
      await page.getByText('key lost or stolen').first().waitFor();
      expect(
        await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      ).toBe(0);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  },
);

describe('fixes of who decides', () => {
  const back = () => api.ok('PUT', '/chains/default', { steps: STEPS });

  test('revert the change of the chain that began it: seen first, then the device gets in and the revert is not blamed', async () => {
    const { secret = '' } = await api.createCredential({ username: 'line-1' });
    await api.ok('PUT', '/chains/default', { steps: [] });
    expect(await connect('line-1', login('line-1', secret))).not.toBe(ADMITTED);
    const { id } = await openReason('clientId=line-1', 'CHAIN_EXHAUSTED');
    expect(keysOf(await api.detail(id))).toContain('preceded-by');
    await press('Revert the change…');
    await dialog().getByText('1. fleet  2. keys  3. builtin').waitFor();
    await dialog().getByText('Undoes the change that').waitFor();
    expect(await api.ok<ChainDto>('GET', '/chains/default')).toMatchObject({ steps: [] });
    await dialog().getByRole('button', { name: 'Revert', exact: true }).click();
    await page.getByText('The last change is reverted').waitFor();
    expect(await connect('line-1', login('line-1', secret))).toBe(ADMITTED);
    await settled(id);
    expect(await connect('line-2', login('line-1', 'wrong'))).not.toBe(ADMITTED);
    const { precededBy } = await openReason('clientId=line-2', 'BASIC_PASSWORD_MISMATCH');
    expect(precededBy).toBeNull();
  });

  test('edit the chain: the step that knows the device is added, and it gets in', async () => {
    const { secret = '' } = await api.createCredential({ username: 'line-3' });
    await api.ok('PUT', '/chains/default', { steps: [] });
    expect(await connect('line-3', login('line-3', secret))).not.toBe(ADMITTED);
    await openReason('clientId=line-3', 'CHAIN_EXHAUSTED');
    await follow('Edit the chain');
    await press('Add builtin to the chain default');
    await expect.poll(() => connect('line-3', login('line-3', secret))).toBe(ADMITTED);
    await back();
  });

  test('edit the anonymous policy: the client that has no username gets in', async () => {
    await api.ok('PUT', '/anonymous', { policy: 'quick_deny' });
    expect(await connect('guest')).not.toBe(ADMITTED);
    await openReason('clientId=guest', 'ANONYMOUS_QUICK_DENIED');
    await follow('Edit the anonymous policy');
    await page.getByRole('radio', { name: 'Let in' }).click();
    await dialog().getByRole('button', { name: 'Let them in' }).click();
    await expect.poll(() => connect('guest')).toBe(ADMITTED);
    await api.ok('PUT', '/anonymous', { policy: 'deny' });
  });

  test('edit the authenticator: with the right address the backend admits the device', async () => {
    const service: HttpServer = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ result: 'allow' }));
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    const { port } = service.address() as AddressInfo;
    const settings = { type: 'http', url: 'http://127.0.0.1:1/auth' };
    await api.ok('POST', '/authenticators', { name: 'plant', settings });
    await api.ok('PUT', '/chains/default', { steps: ['plant'] });
    expect(await connect('line-4', login('line-4', 'p'))).not.toBe(ADMITTED);
    await openReason('clientId=line-4', 'HTTP_UNREACHABLE');
    await follow('Edit the authenticator');
    await page
      .getByRole('dialog')
      .getByLabel('Address', { exact: true })
      .fill(`http://127.0.0.1:${String(port)}/auth`);
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => connect('line-4', login('line-4', 'p'))).toBe(ADMITTED);
    await back();
    service.close();
  });
});

describe('fixes of what a client may do, and of who may come', () => {
  const will = (topic: string) => ({ topic, payload: Buffer.from('gone'), qos: 0 as const, retain: false });

  test('edit the rules: the credential allows the topic of the will, and the device gets in', async () => {
    const rules = [{ permission: 'allow', action: 'publish', topic: 'lamps/1/state' }];
    const { secret = '' } = await api.createCredential({ username: 'lamp-1', rules });
    const device = { ...login('lamp-1', secret), will: will('lamps/1/gone') };
    expect(await connect('lamp-1', device)).toBe(NOT_AUTHORIZED);
    await openReason('clientId=lamp-1', 'WILL_NOT_AUTHORIZED');
    await follow('Edit the rules');
    await page.getByRole('dialog').getByLabel('Topic filter').fill('lamps/1/#');
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved').first().waitFor();
    expect(await connect('lamp-1', device)).toBe(ADMITTED);
  });

  test('edit the access rules: without the rule that was added just before, the device gets in', async () => {
    const { secret = '' } = await api.createCredential({ username: 'lamp-2' });
    const device = { ...login('lamp-2', secret), will: will('lamps/2/gone') };
    const rule = { permission: 'deny', who: 'all', action: 'publish', topics: ['lamps/2/gone'] };
    await api.ok('POST', '/acl-rules', rule);
    expect(await connect('lamp-2', device)).toBe(NOT_AUTHORIZED);
    const detail = await openReason('clientId=lamp-2', 'WILL_NOT_AUTHORIZED');
    expect(detail.precededBy?.action).toBe('access-rule.create');
    await page.getByText('an access rule was added').waitFor();
    await follow('Edit the access rules');
    await press('Remove the rule about lamps/2/gone');
    await page.getByText('The rule is removed').waitFor();
    await expect.poll(() => connect('lamp-2', device)).toBe(ADMITTED);
  });

  test('block: whoever is blocked from its reason is refused for that, with the right secret too', async () => {
    const { secret = '' } = await api.createCredential({ username: 'lamp-3' });
    expect(await connect('lamp-3', login('lamp-3', 'wrong'))).not.toBe(ADMITTED);
    await openReason('clientId=lamp-3', 'BASIC_PASSWORD_MISMATCH');
    await press('Block…');
    await dialog().getByRole('button', { name: 'Block', exact: true }).click();
    await until('the block is in force', async () =>
      (await connect('lamp-3', login('lamp-3', secret))) === BANNED ? true : undefined,
    );
    await openReason('clientId=lamp-3', 'CLIENT_BLOCKED');
  });
});

/** Each of these ends the server that the tests before share, and starts it anew on the same data. */
describe('fixes that take a new start', () => {
  const restart = async (more: readonly string[]): Promise<void> => {
    await server.stop();
    server = await startServer({ console: true, dataDir, set: [...SETTINGS, ...more] });
    api = new Api(server);
    const { port } = new URL(origin);
    origin = origin.replace(`:${port}`, `:${String(server.ports.console)}`);
    // The owner is still signed in: a cookie is for a host, whatever its port.
    const context = page.context();
    await page.close();
    watched = await watchedPage(context, origin);
    page = watched.page;
  };

  test('which setting: the server that is started with it admits the client', async () => {
    const { secret = '' } = await api.createCredential({ username: 'web-1' });
    const connectAt = async (path: string): Promise<number> => {
      const url = `ws://127.0.0.1:${String(server.ports.ws)}${path}`;
      const { code, client } = await mqttJs(url, { clientId: 'web-1', ...login('web-1', secret) });
      await client.endAsync(true);
      return code;
    };
    await expect(connectAt('/elsewhere')).rejects.toThrow();
    await openReason('reason=WS_PATH_NOT_FOUND', 'WS_PATH_NOT_FOUND');
    await press('Which setting…');
    await dialog().getByText('--set').waitFor();
    const shown = await dialog().locator('code, pre').allTextContents();
    const [setting = ''] = shown.flatMap((text) => /--set (\S+)=/.exec(text)?.[1] ?? []);
    expect(setting).toBe('listeners.ws.path');
    await restart([`${setting}=/elsewhere`]);
    expect(await connectAt('/elsewhere')).toBe(ADMITTED);
  });

  test('renew the certificate: when it ended is said, and the renewed one admits the device', async () => {
    const files = (name: string) => join(dataDir, 'pki', name);
    const [certFile, keyFile] = [files('ca.crt'), files('ca.key')];
    const read = (file: string): string => readFileSync(file, 'utf8');
    pki.file('own.crt', read(certFile));
    const authority = { name: 'own', certFile, keyFile, cert: read(certFile), key: read(keyFile), chain: '' };
    const old = pki.make({
      subject: '/CN=pump-9',
      issuer: authority,
      usage: 'clientAuth',
      from: inDays(-9),
      until: inDays(-1),
    });
    // As the server finds what it issued while nobody kept a register.
    mkdirSync(files('issued'), { recursive: true });
    writeFileSync(join(files('issued'), 'pump-9.crt'), old.cert);
    await restart([]);
    expect(await connectWith('pump-9', old)).toBe(NOT_AUTHORIZED);
    const detail = await openReason('clientId=pump-9', 'TLS_CERT_EXPIRED');
    expect(keysOf(detail)[0]).toBe('certificate-ended');
    await follow('Renew the certificate');
    await press('Renew the certificate of pump-9');
    await dialog().getByRole('button', { name: 'Renew', exact: true }).click();
    const kept = (name: string) => saved(dialog().getByRole('button', { name, exact: true }));
    const [key, cert] = [await kept('Private key'), await kept('Certificate')];
    await api.createCredential({ type: 'x509', match: { by: 'cn', value: 'pump-9' } });
    expect(await connectWith('pump-9', { cert, key })).toBe(ADMITTED);
    await settled(detail.id);
  });
});
