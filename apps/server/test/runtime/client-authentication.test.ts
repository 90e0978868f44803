import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ClientPki, type IssuedCertificate } from '../../../../packages/broker/test/support/client-pki.ts';
import { runProgram } from '../../../../packages/broker/test/listeners/support.ts';
import { cli, cliJson, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

/** Milliseconds for a test that starts a server and runs programs, also on a busy machine. */
const SERVER_TEST_MS = 120_000;

/** As EMQX 4.3 ships it. */
const SEED_CIPHERS =
  'ECDHE-ECDSA-AES256-GCM-SHA384,ECDHE-RSA-AES256-GCM-SHA384,ECDHE-ECDSA-AES256-SHA384,ECDHE-RSA-AES256-SHA384,ECDHE-ECDSA-DES-CBC3-SHA,ECDH-ECDSA-AES256-GCM-SHA384,ECDH-RSA-AES256-GCM-SHA384,ECDH-ECDSA-AES256-SHA384,ECDH-RSA-AES256-SHA384,DHE-DSS-AES256-GCM-SHA384,DHE-DSS-AES256-SHA256,AES256-GCM-SHA384,AES256-SHA256,ECDHE-ECDSA-AES128-GCM-SHA256,ECDHE-RSA-AES128-GCM-SHA256,ECDHE-ECDSA-AES128-SHA256,ECDHE-RSA-AES128-SHA256,ECDH-ECDSA-AES128-GCM-SHA256,ECDH-RSA-AES128-GCM-SHA256,ECDH-ECDSA-AES128-SHA256,ECDH-RSA-AES128-SHA256,DHE-DSS-AES128-GCM-SHA256,DHE-DSS-AES128-SHA256,AES128-GCM-SHA256,AES128-SHA256,ECDHE-ECDSA-AES256-SHA,ECDHE-RSA-AES256-SHA,DHE-DSS-AES256-SHA,ECDH-ECDSA-AES256-SHA,ECDH-RSA-AES256-SHA,AES256-SHA,ECDHE-ECDSA-AES128-SHA,ECDHE-RSA-AES128-SHA,DHE-DSS-AES128-SHA,ECDH-ECDSA-AES128-SHA,ECDH-RSA-AES128-SHA,AES128-SHA';

const pki = new ClientPki();
const root = pki.make({ subject: '/O=Acme/CN=Root', isAuthority: true });
const issue = (subject: string, alternativeNames?: string) =>
  pki.make({ subject, issuer: root, ...(alternativeNames === undefined ? {} : { alternativeNames }) });

let dataDir = '';
let server: TestServer | undefined;
const clients: MqttClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  await server?.end('SIGTERM');
  server = undefined;
  removeDataDir(dataDir);
});
afterAll(() => {
  pki.remove();
});

async function start(set: readonly string[]): Promise<TestServer> {
  dataDir = newDataDir();
  server = await startServer(dataDir, set);
  return server;
}

/** The configuration of a guide as `--set` takes it, its files replaced by others. */
function settingsOf(guide: string, files: Readonly<Record<string, string>>): readonly string[] {
  const page = readFileSync(
    new URL(`../../../../docs/guides/authentication/${guide}.md`, import.meta.url),
    'utf8',
  );
  let yaml = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  for (const [name, file] of Object.entries(files)) yaml = yaml.replace(`/etc/gatehouse/${name}`, file);
  const { listeners, auth } = parse(yaml) as Record<
    'listeners' | 'auth',
    Record<string, Record<string, unknown>>
  >;
  const part = (path: string, tree: Record<string, Record<string, unknown>>): string[] =>
    Object.entries(tree).flatMap(([name, settings]) =>
      Object.entries(settings).map(([key, value]) => `${path}.${name}.${key}=${JSON.stringify(value)}`),
    );
  return [...part('listeners', listeners), ...part('auth', auth)];
}

interface Answer {
  readonly code: number;
  readonly client: MqttClient | undefined;
}

/** Connects over TLS; `code` is that of CONNACK. */
async function mqtt(
  { ports }: TestServer,
  { cert, key, chain }: Pick<IssuedCertificate, 'cert' | 'key' | 'chain'>,
  more: IClientOptions = {},
): Promise<Answer> {
  const ca = readFileSync(join(dataDir, 'pki/ca.crt'));
  const options = {
    ca,
    cert: chain === '' ? cert : chain,
    key,
    reconnectPeriod: 0,
    protocolVersion: 5,
    ...more,
  } as const;
  try {
    const client = await connectAsync(`mqtts://localhost:${ports.tls}`, options, false);
    clients.push(client);
    return { code: 0, client };
  } catch (error) {
    return { code: (error as { code: number }).code, client: undefined };
  }
}

/** Publishes with QoS 1; true when the rules let it. */
const mayPublish = async ({ client }: Answer, topic: string): Promise<boolean> => {
  const packet = await client?.publishAsync(topic, 'x', { qos: 1 }).catch(() => undefined);
  return packet !== undefined;
};

const closing = ({ client }: Answer): Promise<void> =>
  new Promise((resolve) => {
    client?.once('close', () => {
      resolve();
    });
  });

describe('the guide to client certificates', () => {
  test(
    'its configuration admits, gives rules by common name, refuses strangers, and follows the list',
    async () => {
      const crl = pki.file('clients.crl', pki.list(root));
      const files = { 'clients-ca.pem': pki.file('clients-ca.pem', root.cert), 'clients.crl': crl };
      const it = await start(settingsOf('x509', files));
      const pump = issue('/CN=pump-7');
      const admitted = await mqtt(it, pump);
      expect(admitted.code).toBe(0);
      expect(await mayPublish(admitted, 'pumps/pump-7/state')).toBe(true);
      expect(await mayPublish(admitted, 'pumps/pump-8/state')).toBe(false);
      const gateway = await mqtt(it, issue('/O=Acme', 'DNS:gateway.hall3.example.org'));
      expect(await mayPublish(gateway, 'hall3/x')).toBe(true);
      expect((await mqtt(it, issue('/CN=stranger'))).code).toBe(0x86);
      expect((await mqtt(it, pki.make({ subject: '/CN=pump-7' }))).code).toBe(0x87);

      const closed = closing(admitted);
      pki.revoke(root, pump);
      writeFileSync(crl, pki.list(root));
      process.kill(it.pid, 'SIGHUP');
      await closed;
      expect((await mqtt(it, pump)).code).toBe(0x87);
      expect(gateway.client?.connected).toBe(true);
    },
    SERVER_TEST_MS,
  );
});

describe("the server's own CA", () => {
  test(
    "verifies what `pki issue` made, until `pki revoke`; EMQX's cipher list is taken as it is",
    async () => {
      const it = await start([
        'listeners.tls.verify=verify_peer',
        'listeners.tls.fail_if_no_peer_cert=true',
        `listeners.wss.ciphers=${SEED_CIPHERS}`,
        'auth.anonymous=allow',
      ]);
      const issued = await cliJson<{ certFile: string; keyFile: string }>(
        ['pki', 'issue', '--cn', 'pump-7', '--out', dataDir],
        { dataDir },
      );
      const [cert = '', key = ''] = [issued.certFile, issued.keyFile].map((file) =>
        readFileSync(file, 'utf8'),
      );
      const admitted = await mqtt(it, { cert, key, chain: '' });
      expect(admitted.code).toBe(0);
      expect((await mqtt(it, issue('/CN=pump-7'))).code).toBe(0x87);
      const asDevice = ['try', '--listener', 'tls', '--certificate', issued.certFile];
      expect((await cli(asDevice, { dataDir })).code).toBe(0);
      const closed = closing(admitted);
      expect(await cli(['pki', 'revoke', issued.certFile], { dataDir })).toMatchObject({ code: 0 });
      await closed;
      expect((await mqtt(it, { cert, key, chain: '' })).code).toBe(0x87);
      const tried = await cli(asDevice, { dataDir });
      expect(tried).toMatchObject({ code: 3, stdout: expect.stringContaining('TLS_CERT_REVOKED') as string });

      const handshake = ['s_client', '-connect', `127.0.0.1:${it.ports.wss}`, '-tls1_2'];
      expect((await runProgram('openssl', handshake)).stdout).toContain(
        'Cipher is ECDHE-RSA-AES256-GCM-SHA384',
      );
      const lacking = [...it.output().matchAll(/"cipher":"([^"]+)"/g)].map(([, name]) => name);
      expect(lacking).toEqual(SEED_CIPHERS.split(',').filter((name) => /^ECDH-|DES-CBC3/.test(name)));
    },
    SERVER_TEST_MS,
  );
});

describe('the guide to pre-shared keys', () => {
  test(
    'its configuration admits mosquitto_pub, tells bad lines by number, and follows the file',
    async () => {
      const file = pki.file('psk.txt', 'client1:1234\nno colon\nclient2:abcd\n');
      const it = await start(settingsOf('psk', { 'psk.txt': file }));
      expect(it.output()).toContain(String.raw`"line":2,"problem":"no \":\" between identity and key"`);
      const publish = async (identity: string, key: string) => {
        const target = [
          '-h',
          '127.0.0.1',
          '-p',
          String(it.ports.tls),
          '-t',
          `devices/${identity}/x`,
          '-m',
          'x',
          '-q',
          '1',
        ];
        const psk = [
          '--psk-identity',
          identity,
          '--psk',
          Buffer.from(key).toString('hex'),
          '--tls-version',
          'tlsv1.2',
        ];
        return (await runProgram('mosquitto_pub', [...target, ...psk])).code;
      };
      expect(await publish('client1', '1234')).toBe(0);
      expect(await publish('client3', '5678')).not.toBe(0);
      writeFileSync(file, 'client3:5678\n');
      process.kill(it.pid, 'SIGHUP');
      await expect.poll(() => publish('client3', '5678'), { timeout: 10_000 }).toBe(0);
      expect(await publish('client1', '1234')).not.toBe(0);
    },
    SERVER_TEST_MS,
  );
});

test.each([
  ['ca', 'listeners.tls.ca cannot be read'],
  ['psk_file', 'listeners.tls.psk_file cannot be read'],
])('%s that is not there is told by check, in words', async (key, message) => {
  dataDir = newDataDir();
  const more =
    key === 'ca' ? 'listeners.tls.verify=verify_peer' : 'listeners.tls.psk_ciphers=PSK-AES128-CBC-SHA';
  const { stdout } = await cli(['check', '--set', `listeners.tls.${key}=/no/such/file`, '--set', more], {
    dataDir,
  });
  expect(stdout).toContain(message);
});
