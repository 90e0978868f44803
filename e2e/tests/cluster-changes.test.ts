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
const byHand = async (sql: string): Promise<string> => {
  const url = `postgresql://postgres@127.0.0.1:${String(database.port)}/house`;
  return (await runProgram('psql', [url, '-At', '-c', sql])).stdout;
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
    expect(await byHand(`UPDATE credentials SET enabled = false WHERE id = '${id}'`)).toContain('UPDATE 1');
    const writtenAt = performance.now();
    const { at } = await end;
    expect(at - writtenAt).toBeLessThan(IN_FORCE_MS);
    expect(await codeOf('lamp-1', 'lamp', secret)).toBe(0x87);
  },
  TEST_MS,
);

test(
  'guesses are counted together: what fails here is told, and what failed elsewhere pauses the guesser here within a second',
  async () => {
    const { secret } = await elsewhere('credentials', 'add', '--username', 'guessed');
    // A new credential forgives failures. Changes are in force in their order: when this block is, it has.
    const marker = await elsewhere('credentials', 'add', '--username', 'marker');
    const end = closed(await letIn('marker', 'marker', marker.secret));
    await elsewhere('blocked', 'add', '--client-id', 'marker');
    await end;
    for (let guess = 0; guess < 6; guess += 1)
      expect(await codeOf('guesser', 'guessed', `wrong-${String(guess)}`)).toBe(0x86);
    interface Told {
      readonly kind: string;
      readonly failures: number;
      readonly identity: { readonly value: string } | null;
    }
    /** Of this guesser: the tests before have failed, too. */
    const told = async (): Promise<readonly Told[]> => {
      const lines = (await byHand("SELECT detail FROM change_log WHERE kind = 'failures'"))
        .trim()
        .split('\n');
      return lines
        .filter((line) => line !== '')
        .flatMap((line) => (JSON.parse(line) as { failures: readonly Told[] }).failures)
        .filter(({ kind, identity }) => kind === 'pair' && identity?.value === 'guessed');
    };
    const sum = async () => (await told()).reduce((so, { failures }) => so + failures, 0);
    await expect.poll(sum, { timeout: IN_FORCE_MS }).toBe(6);

    // As another server writes it: the same guesser fails there four times, which makes ten.
    const there = JSON.stringify({
      kind: 'failures-elsewhere',
      failures: [{ ...(await told())[0], failures: 4 }],
    });
    await byHand(`INSERT INTO change_log (kind, detail) VALUES ('failures', '${there}')`);
    const url = `http://127.0.0.1:${String(server.ports.api)}/api/v1/guessing`;
    const paused = async () => {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${server.apiKey}` } });
      const { items } = (await answer.json()) as { items: { kind: string; failures: number }[] };
      return items.map(({ kind, failures: counted }) => ({ kind, counted }));
    };
    await expect.poll(paused, { timeout: IN_FORCE_MS }).toEqual([{ kind: 'pair', counted: 10 }]);
    // The right one, which is not even looked at.
    expect(await codeOf('guesser', 'guessed', secret)).toBe(0x86);
  },
  TEST_MS,
);
