import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ClientPki, type IssuedCertificate } from '../../../../packages/broker/test/support/client-pki.ts';
import { cli, cliJson, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

/** A server takes a second to start; where many tests share two cores, a good deal more. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** How soon a change must be in force (auth.md §7). */
const IN_FORCE_MS = 1_000;
const BANNED = 0x8a;

const pki = new ClientPki();
const root = pki.make({ subject: '/O=Acme/CN=Root', isAuthority: true });
const dataDir = newDataDir();
let server: TestServer;
beforeAll(async () => {
  const ca = join(dataDir, 'clients.crt');
  writeFileSync(ca, root.cert);
  server = await startServer(dataDir, [
    'auth.anonymous=allow',
    `listeners.tls.ca=${ca}`,
    'listeners.tls.verify=verify_peer',
    'listeners.tls.peer_cert_as_username=cn',
  ]);
});
afterAll(async () => {
  await server.end('SIGTERM');
  removeDataDir(dataDir);
  pki.remove();
});

/** The client, or the code of the CONNACK that refused it. */
async function connect({ cert, key }: IssuedCertificate): Promise<MqttClient | number> {
  const ca = readFileSync(join(dataDir, 'pki/ca.crt'));
  const options = { ca, cert, key, reconnectPeriod: 0, protocolVersion: 5 } as const;
  try {
    return await connectAsync(`mqtts://localhost:${server.ports.tls}`, options, false);
  } catch (error) {
    return (error as { code: number }).code;
  }
}

const block = (option: string, value: string) =>
  cliJson<{ id: string; value: string }>(['blocked', 'add', option, value], { dataDir });

test('a blocked certificate loses its open session and is refused; another of the same name is not', async () => {
  const stolen = pki.make({ subject: '/O=Acme/CN=pump-7', issuer: root });
  const replaced = pki.make({ subject: '/O=Acme/CN=pump-7', issuer: root });
  const client = await connect(stolen);
  if (typeof client === 'number') throw new Error(`refused with ${client}`);
  let isLost = false;
  client.on('close', () => (isLost = true));
  // As openssl prints it: upper case, with colons.
  const { value } = await block('--fingerprint', new X509Certificate(stolen.cert).fingerprint256);
  await expect.poll(() => isLost, { timeout: IN_FORCE_MS, interval: 20 }).toBe(true);
  expect(await connect(stolen)).toBe(BANNED);
  const other = await connect(replaced);
  if (typeof other === 'number') throw new Error(`refused with ${other}`);
  await other.endAsync(true);
  await cli(['blocked', 'remove', value], { dataDir });
});

test('a username that the listener takes from the certificate is blocked like one that was sent', async () => {
  const named = pki.make({ subject: '/O=Acme/CN=pump-8', issuer: root });
  const { id } = await block('--username', 'pump-8');
  expect(await connect(named)).toBe(BANNED);
  await cli(['blocked', 'remove', id], { dataDir });
});
