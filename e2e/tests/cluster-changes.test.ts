import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POSTGRES, startPostgres, type Postgres } from '../../packages/connectors/test/support/postgres.ts';
import { runProgram, type Server, startServer } from '../support/server.ts';

/** Within which a change of another process is in force, without any bus. */
const IN_FORCE_MS = 1_000;
const TEST_MS = 60_000;

let database: Postgres;
let folder: string;
let server: Server;
const clients: mqtt.MqttClient[] = [];

const shared = (): string[] => [
  `database_url=postgresql://gatehouse:backend-secret@127.0.0.1:${String(database.port)}/house`,
  `secret_key_file=${join(folder, 'secret.key')}`,
];

beforeAll(async () => {
  if (!POSTGRES) throw new Error('PostgreSQL is not installed');
  database = await startPostgres();
  await database.admin.query('create database house owner gatehouse');
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-changes-'));
  server = await startServer({ dataDir: join(folder, 'one'), set: shared() });
});
afterAll(async () => {
  for (const client of clients) client.end(true);
  await server.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A command on another machine, which has no server: it writes the database itself. */
const elsewhere = async (...args: readonly string[]): Promise<{ id: string; secret: string }> => {
  const set = [...shared(), `data_dir=${join(folder, 'two')}`].flatMap((one) => ['--set', one]);
  const ran = await server.cli([...args, '--json', ...set]);
  if (ran.code !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as { id: string; secret: string };
};
const connect = (clientId: string, username: string, password: string) =>
  mqtt.connect(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
    clientId,
    username,
    password,
    protocolVersion: 5,
    reconnectPeriod: 0,
  });
/** Resolves once it is let in. */
const letIn = (clientId: string, username: string, password: string): Promise<mqtt.MqttClient> =>
  new Promise((resolve, reject) => {
    const client = connect(clientId, username, password);
    clients.push(client);
    client.once('connect', () => {
      resolve(client);
    });
    client.once('error', reject);
  });
const codeOf = (clientId: string, username: string, password: string): Promise<number> =>
  letIn(clientId, username, password).then(
    () => 0,
    (error: unknown) => (error as { readonly code?: number }).code ?? -1,
  );
/** The reason code with which the server closes it, and when. */
const closed = (
  client: mqtt.MqttClient,
): Promise<{ readonly code: number | undefined; readonly at: number }> =>
  new Promise((resolve) => {
    let code: number | undefined;
    client.once('disconnect', (packet) => (code = packet.reasonCode));
    client.once('close', () => {
      resolve({ code, at: performance.now() });
    });
  });

test(
  'a new password that another machine sets closes the session within a second; the new one is let in, the old one is not',
  async () => {
    const { id, secret: old } = await elsewhere('credentials', 'add', '--username', 'pump');
    const client = await letIn('pump-1', 'pump', old);
    const end = closed(client);
    const { secret } = await elsewhere('credentials', 'update', id, '--new-secret');
    const changedAt = performance.now();
    const { code, at } = await end;
    expect(code).toBe(0x87);
    expect(at - changedAt).toBeLessThan(IN_FORCE_MS);
    expect(await codeOf('pump-1', 'pump', old)).toBe(0x86);
    expect(await codeOf('pump-1', 'pump', secret)).toBe(0);
  },
  TEST_MS,
);

test(
  'a block that another machine makes closes the session it meets within a second, and ends with its removal',
  async () => {
    const { secret } = await elsewhere('credentials', 'add', '--username', 'valve');
    const end = closed(await letIn('valve-1', 'valve', secret));
    const { id } = await elsewhere('blocked', 'add', '--client-id', 'valve-1');
    const blockedAt = performance.now();
    const { at } = await end;
    expect(at - blockedAt).toBeLessThan(IN_FORCE_MS);
    expect(await codeOf('valve-1', 'valve', secret)).toBe(0x8a);
    await elsewhere('blocked', 'remove', id);
    await expect.poll(() => codeOf('valve-1', 'valve', secret), { timeout: IN_FORCE_MS }).toBe(0);
  },
  TEST_MS,
);

test(
  'what an operator writes into the database by hand is in force within a second',
  async () => {
    const { id, secret } = await elsewhere('credentials', 'add', '--username', 'lamp');
    const end = closed(await letIn('lamp-1', 'lamp', secret));
    const url = `postgresql://postgres@127.0.0.1:${String(database.port)}/house`;
    const sql = `UPDATE credentials SET enabled = false WHERE id = '${id}'`;
    expect((await runProgram('psql', [url, '-c', sql])).stdout).toContain('UPDATE 1');
    const writtenAt = performance.now();
    const { at } = await end;
    expect(at - writtenAt).toBeLessThan(IN_FORCE_MS);
    expect(await codeOf('lamp-1', 'lamp', secret)).toBe(0x87);
  },
  TEST_MS,
);
