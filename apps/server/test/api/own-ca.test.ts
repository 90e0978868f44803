import { X509Certificate } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StartStatusDto } from '@gatehouse/contract';
import { openAuthority, pkiFiles } from '@gatehouse/pki';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { ownCaOf } from '../../src/control/own-ca.ts';
import { dataDirOf } from '../../src/runtime/data-dir.ts';
import { codeOf, type Harness, startHarness } from './support/harness.ts';

let path: string;
let house: Harness;
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'gatehouse-ca-'));
  const config = configSchema.parse({ data_dir: path, listeners: { wss: { enabled: false } } });
  const dir = dataDirOf(config);
  await openAuthority(dir.pki, Date.now());
  const ownCa = ownCaOf(config, dir);
  house = await startHarness({ config: ownCa === undefined ? {} : { ownCa } });
});
afterAll(async () => {
  await house.close();
  await rm(path, { recursive: true });
});

const files = () => pkiFiles(join(path, 'pki'));
const download = () =>
  house.send({ method: 'GET', url: '/api/v1/certificates/ca.crt', headers: house.owner });

it('the certificate of the server’s own CA can be downloaded, and nothing else that lies in its file', async () => {
  const certificate = await readFile(files().caCert, 'utf8');
  await appendFile(files().caCert, await readFile(files().caKey, 'utf8'));
  const response = await download();
  expect(response.headers['content-type']).toContain('application/pem-certificate-chain');
  expect(response.headers['content-disposition']).toBe('attachment; filename="gatehouse-ca.crt"');
  expect(new X509Certificate(response.body).fingerprint256).toBe(
    new X509Certificate(certificate).fingerprint256,
  );
  expect(response.body).not.toContain('PRIVATE KEY');
});

it('getting started tells which listener it is the CA of', async () => {
  const status = await house.send({ method: 'GET', url: '/api/v1/start-status', headers: house.owner });
  expect(status.json<StartStatusDto>().mqtt.ownCa).toEqual({ tls: true, wss: false });
});

it('a key needs stats:read for it', async () => {
  const headers = await house.key('admin', ['audit:read']);
  const response = await house.send({ method: 'GET', url: '/api/v1/certificates/ca.crt', headers });
  expect([response.statusCode, codeOf(response)]).toEqual([403, 'forbidden']);
});

it('a CA that is gone is not found', async () => {
  await rm(files().caCert);
  expect(codeOf(await download())).toBe('not-found');
});
