import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@gatehouse/broker';
import { CRL_DAYS, pkiFiles, writeRevocations } from '@gatehouse/pki';
import type { ControlEvent, Store } from '@gatehouse/ports';
import { openStore } from '@gatehouse/store';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClientPki, inDays } from '../../../../packages/broker/test/support/client-pki.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { createAuthority } from '../../src/control/authority.ts';
import { keepAuthority } from '../../src/control/authority-upkeep.ts';
import { dataDirOf } from '../../src/runtime/data-dir.ts';
import { openOwnAuthority } from '../../src/runtime/own-authority.ts';

const DAY_MS = 86_400_000;

let home: string;
let config: Config;
let store: Store;
const events: ControlEvent[] = [];
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-upkeep-'));
  const loaded = loadConfig({ set: [`data_dir=${home}`], env: {}, cwd: tmpdir() });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  config = loaded.loaded.config;
  store = await openStore({ url: '', dataDir: home, clock: systemClock });
  events.length = 0;
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

/** One round, as at the start of the server; what it logs from warnings on. */
async function round(): Promise<readonly object[]> {
  const dir = dataDirOf(config);
  const authority = createAuthority({ config, dir, clock: systemClock });
  const lines: object[] = [];
  const log = pino(
    { level: 'warn' },
    { write: (line: string) => void lines.push(JSON.parse(line) as object) },
  );
  const dataPlane = { publish: (event: ControlEvent) => void events.push(event) };
  await (await keepAuthority({ config, dir, store, authority, dataPlane, log })).stop();
  return lines;
}

const certificates = async () =>
  (await store.certificates.page({}, { limit: 10, sort: { field: 'createdAt', direction: 'asc' } })).items;
const listEnds = async (): Promise<number> => {
  const current = await createAuthority({ config, dir: dataDirOf(config), clock: systemClock }).current();
  return Date.parse(current?.list.nextUpdate ?? '');
};

test("the server's own certificate is in the register, once, and found as what the listeners serve", async () => {
  await round();
  await round();
  const [own, ...others] = await certificates();
  expect(others).toEqual([]);
  expect(own).toMatchObject({ purpose: 'server', keyOrigin: 'server', createdBy: 'Gatehouse' });
  expect(own?.names).toContain('localhost');
});

test('a revocation list that ends before long is written anew, and the listeners are told', async () => {
  await round();
  const dir = dataDirOf(config);
  const authority = await openOwnAuthority(dir);
  const early = Date.now() - (CRL_DAYS - 5) * DAY_MS;
  writeRevocations(authority, [], early);
  expect((await listEnds()) - Date.now()).toBeLessThan(6 * DAY_MS);
  events.length = 0;
  await round();
  expect((await listEnds()) - Date.now()).toBeGreaterThan((CRL_DAYS - 1) * DAY_MS);
  expect(events).toEqual([{ kind: 'trust-changed' }]);
});

test('one that is good for long, and is what the register says, stays as it is', async () => {
  await round();
  const { crl } = pkiFiles(dataDirOf(config).pki);
  const before = readFileSync(crl, 'utf8');
  await round();
  expect(readFileSync(crl, 'utf8')).toBe(before);
});

test('a list that lacks what the register says is revoked is written anew', async () => {
  await round();
  const dir = dataDirOf(config);
  const authority = createAuthority({ config, dir, clock: systemClock });
  const issued = await authority.issue(
    { purpose: 'client', commonName: 'pump', names: [], days: 9 },
    { from: 'server' },
  );
  if ('rejected' in issued) throw new Error(issued.rejected);
  const { serial } = issued.certificate;
  await store.certificates.add({ ...issued.certificate, createdAt: 1, createdBy: 'Ada', replaces: null });
  await store.certificates.revoke({ serial, at: Date.now(), reason: 'keyCompromise', by: 'Anna' }, undefined);
  await round();
  expect((await authority.current())?.list.entries).toBe(1);
});

test("the end of the operator's own certificate and list is said in the log", async () => {
  const pki = new ClientPki();
  try {
    const root = pki.make({ subject: '/CN=Root', isAuthority: true });
    const own = pki.make({ subject: '/CN=broker', issuer: root, until: inDays(3) });
    const set = {
      key: pki.file('server.key', own.key),
      cert: pki.file('server.crt', own.cert),
      verify: 'verify_peer',
      ca: pki.file('ca.pem', root.cert),
      crl: pki.file('old.crl', pki.list(root, inDays(-1))),
    };
    const settings = Object.entries(set).map(([key, value]) => `listeners.tls.${key}=${value}`);
    const loaded = loadConfig({ set: [`data_dir=${home}`, ...settings], env: {}, cwd: tmpdir() });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    config = loaded.loaded.config;
    const lines = await round();
    expect(lines).toMatchObject([
      { level: 40, listener: 'tls', certFile: set.cert },
      { level: 50, listener: 'tls', crlFile: set.crl },
    ]);
  } finally {
    pki.remove();
  }
});
