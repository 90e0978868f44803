import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliJson, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

let dataDir: string;
let server: TestServer;
beforeAll(async () => {
  dataDir = newDataDir();
  server = await startServer(dataDir, ['auth.anonymous=allow']);
});
afterAll(async () => {
  await server.end('SIGTERM');
  removeDataDir(dataDir);
});

const ca = (): string => readFileSync(join(dataDir, 'pki/ca.crt'), 'utf8');

async function servedName(): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: server.ports.tls, ca: ca() });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

test.each([
  ['mqtts', () => `mqtts://localhost:${server.ports.tls}`],
  ['wss', () => `wss://127.0.0.1:${server.ports.wss}/mqtt`],
])('a first start serves %s with a certificate that its own CA vouches for', async (_scheme, url) => {
  const client = await connectAsync(url(), { ca: ca(), reconnectPeriod: 0 }, false);
  await client.subscribeAsync('a/b');
  await client.endAsync();
  expect(server.output()).toContain(join(dataDir, 'pki/ca.crt'));
});

test('a renewed certificate is served at SIGHUP, and an open connection lives on', async () => {
  const open = await connectAsync(`mqtts://localhost:${server.ports.tls}`, { ca: ca() });
  const files = ['pki/server.crt', 'pki/server.key'].map((name) => join(dataDir, name));
  const args = ['pki', 'issue', '--for', 'server', '--cn', 'renewed', '--san', 'localhost', '127.0.0.1'];
  const issued = await cliJson<{ certFile: string; keyFile: string }>([...args, '--out', dataDir], {
    dataDir,
  });
  copyFileSync(issued.certFile, files[0] ?? '');
  copyFileSync(issued.keyFile, files[1] ?? '');
  process.kill(server.pid, 'SIGHUP');
  await expect.poll(servedName, { timeout: 10_000 }).toBe('renewed');
  await open.subscribeAsync('still/here');
  await open.endAsync();
});
