import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POSTGRES, startPostgres, type Postgres } from '../../packages/connectors/test/support/postgres.ts';
import { lastingDevice } from '../support/lasting-device.ts';
import { type Server, runProgram, startServer } from '../support/server.ts';

const TEST_MS = 90_000;
const BINARY = fileURLToPath(new URL('../../apps/server/bin/gatehouse.js', import.meta.url));

let folder: string;
let database: Postgres;
let origin: Server;
let secret: string;
let backup: string;
const servers: Server[] = [];
const clients: MqttClient[] = [];

const start = async (dataDir: string, set: readonly string[] = []): Promise<Server> => {
  mkdirSync(dataDir, { recursive: true });
  const server = await startServer({ dataDir, set });
  servers.push(server);
  return server;
};

/** The command, wherever no server runs yet. */
const gatehouse = (...args: readonly string[]) => runProgram(process.execPath, [BINARY, ...args]);

const device = async (server: Server, clientId: string, clean = false) => {
  const made = await lastingDevice(server, { clientId, username: 'fleet', password: secret, clean });
  clients.push(made.client);
  return made;
};

/** What a server that goes on from the backup has to show. */
const goesOn = async (server: Server): Promise<void> => {
  const back = await device(server, 'reader');
  expect(back.present).toBe(true);
  await expect.poll(() => back.got.get('news/queued'), { timeout: 10_000 }).toBe('while you were away');
  await back.client.subscribeAsync('state', { qos: 1 });
  await expect.poll(() => back.got.get('state')).toBe('kept');
  expect(back.got.has('news/later')).toBe(false);
  await expect(device(server, 'intruder', true)).rejects.toThrow('Not authorized');
  expect(JSON.parse((await server.cli(['audit', 'verify', '--json'])).stdout)).toMatchObject({
    intact: true,
  });
};

beforeAll(async () => {
  if (!POSTGRES) throw new Error('PostgreSQL is not installed');
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-backup-'));
  backup = join(folder, 'house.backup');
  [database, origin] = await Promise.all([startPostgres(), start(join(folder, 'origin'))]);
  await database.admin.query('create database house owner gatehouse');
}, TEST_MS);
afterAll(async () => {
  for (const client of clients) client.end(true);
  for (const server of servers) await server.kill('SIGKILL');
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'a backup of a running server brings back credentials, blocks, sessions, queued and retained messages and the audit, on another machine',
  async () => {
    const added = await origin.cli(['credentials', 'add', '--username', 'fleet', '--json'], '');
    ({ secret } = JSON.parse(added.stdout) as { secret: string });
    expect((await origin.cli(['blocked', 'add', '--client-id', 'intruder'])).code).toBe(0);
    const reader = await device(origin, 'reader');
    await reader.client.subscribeAsync('news/#', { qos: 1 });
    await reader.client.endAsync();
    const writer = await device(origin, 'writer', true);
    await writer.client.publishAsync('state', 'kept', { qos: 1, retain: true });
    await writer.client.publishAsync('news/queued', 'while you were away', { qos: 1 });

    const made = await origin.cli(['backup', backup, '--with-key', '--json']);
    expect(made.code, made.stderr).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({
      file: backup,
      store: 'sqlite',
      tables: { credentials: 1, blocks: 1 },
      withKey: true,
    });
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    // The server goes on meanwhile; what comes later is not in it.
    await writer.client.publishAsync('news/later', 'after the backup', { qos: 1 });
    expect((await origin.cli(['restore', backup, '--force'])).stderr).toContain(
      'is using the data directory',
    );

    const target = join(folder, 'elsewhere');
    const restored = await gatehouse('restore', backup, '--json', '--set', `data_dir=${target}`);
    expect(restored.code, restored.stderr).toBe(0);
    expect(JSON.parse(restored.stdout)).toMatchObject({ key: 'restored', tables: { credentials: 1 } });
    await goesOn(await start(target));
  },
  TEST_MS,
);

test(
  'a backup from SQLite restores into PostgreSQL, and one from there into SQLite',
  async () => {
    const url = `postgresql://gatehouse:backend-secret@127.0.0.1:${String(database.port)}/house`;
    const there = join(folder, 'on-postgresql');
    const place = ['--set', `data_dir=${there}`, '--set', `database_url=${url}`];
    const moved = await gatehouse('restore', backup, ...place);
    expect(moved.code, moved.stderr).toBe(0);
    const server = await start(there, [`database_url=${url}`]);
    const again = join(folder, 'from-postgresql.backup');
    const made = await server.cli(['backup', again, '--with-key', '--json']);
    expect(made.code, made.stderr).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ store: 'postgresql', tables: { credentials: 1 } });
    const third = ['--set', `data_dir=${join(folder, 'third')}`, '--set', `database_url=${url}`];
    const refused = await gatehouse('restore', again, '--force', ...third);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('A server runs as node');
    await goesOn(server);

    const back = join(folder, 'back');
    const returned = await gatehouse('restore', again, '--set', `data_dir=${back}`);
    expect(returned.code, returned.stderr).toBe(0);
    await goesOn(await start(back));
  },
  TEST_MS,
);
