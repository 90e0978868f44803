import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  cli,
  cliJson,
  newDataDir,
  removeDataDir,
  spawnStart,
  startServer,
  type TestServer,
} from '../support/server.ts';

/** A server takes a second to start; where many tests share two cores, a good deal more. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let dataDir: string;
let servers: TestServer[];
beforeEach(() => {
  dataDir = newDataDir();
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.end('SIGKILL')));
  removeDataDir(dataDir);
});

async function start(set: readonly string[] = []): Promise<TestServer> {
  const server = await startServer(dataDir, set);
  servers.push(server);
  return server;
}

const mode = (file: string): number => statSync(join(dataDir, file)).mode & 0o777;

describe('a start', () => {
  test('answers on all its ports, keeps its files to itself, and stops cleanly on SIGTERM', async () => {
    const server = await start();
    const ready = await fetch(`http://127.0.0.1:${server.ports.api}/readyz`);
    expect(await ready.json()).toMatchObject({ status: 'ready', ports: server.ports });
    expect([mode('run.json'), mode('secret.key'), mode('control.sock'), mode('main.db')]).toEqual([
      0o600, 0o600, 0o600, 0o600,
    ]);
    expect(Object.keys(JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as object).sort()).toEqual(
      ['pid', 'ports', 'startedAt', 'version'],
    );
    const ended = await server.end('SIGTERM');
    expect(ended.code).toBe(0);
    expect(() => statSync(join(dataDir, 'run.json'))).toThrow('ENOENT');
  });

  test('logs one JSON object per line', async () => {
    const server = await start();
    const { stderr } = await server.end('SIGINT');
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ msg: 'started' }),
    );
  });
});

describe('a start that cannot be', () => {
  test('on a data directory in use names the server that uses it', async () => {
    const first = await start();
    const { code, stderr } = await spawnStart(dataDir).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`A server (pid ${first.pid}, since `);
    expect(stderr).toContain('--set data_dir=');
  });

  test.each([
    ['tcp', 'listeners.tcp.port'],
    ['ws', 'listeners.ws.port'],
    ['api', 'api.port'],
  ])(
    'on a port in use (%s) says which and how to change it, and leaves nothing running',
    async (_name, setting) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const { code, stderr } = await spawnStart(dataDir, [`${setting}=${port}`]).ended;
      other.close();
      expect(code).toBe(1);
      expect(stderr).toContain(`Port ${port} on 127.0.0.1`);
      expect(stderr).toContain(`--set ${setting}=`);
      expect(() => statSync(join(dataDir, 'run.json'))).toThrow('ENOENT');
      // The lock is free again.
      expect((await cli(['credentials', 'list'], { dataDir })).code).toBe(0);
    },
  );

  test('on a data directory that is a file says so', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await spawnStart(file).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`The data directory ${file} cannot be used: there is a file of this name.`);
  });

  test('on a damaged database says so and changes nothing', async () => {
    writeFileSync(join(dataDir, 'main.db'), 'this is no database, whatever it is called '.repeat(200));
    const before = readFileSync(join(dataDir, 'main.db'));
    const { code, stderr } = await spawnStart(dataDir).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('damaged');
    expect(readFileSync(join(dataDir, 'main.db'))).toEqual(before);
  });

  test('on a damaged secret key says so', async () => {
    writeFileSync(join(dataDir, 'secret.key'), 'short\n');
    const { code, stderr } = await spawnStart(dataDir).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('secret.key is damaged');
  });

  test('with a wrong configuration exits 2', async () => {
    const { code, stderr } = await spawnStart(dataDir, ['listeners.tcp.prot=1', 'journal=tape']).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('The configuration has 2 problems');
  });
});

describe('after kill -9', () => {
  test('the next start keeps what was answered, and the stale run.json is harmless', async () => {
    const first = await start();
    const added = await cliJson<{ id: string; secret: string }>(
      ['credentials', 'add', '--username', 'kept'],
      { dataDir },
    );
    await first.end('SIGKILL');
    expect(statSync(join(dataDir, 'run.json')).isFile()).toBe(true);
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    const shown = await cliJson<{ id: string }>(['credentials', 'show', 'kept'], { dataDir });
    expect(shown.id).toBe(added.id);
    const tried = await cli(['try', '--username', 'kept', '--password-stdin'], {
      dataDir,
      input: added.secret,
    });
    expect(tried.code).toBe(0);
  });
});

describe('a change on the command line', () => {
  const connect = (server: TestServer, username: string, password: string) =>
    mqtt.connectAsync(
      `mqtt://127.0.0.1:${server.ports.tcp}`,
      { username, password, reconnectPeriod: 0 },
      false,
    );

  test('closes the open session of a disabled credential and refuses the next login', async () => {
    const server = await start();
    const { secret } = await cliJson<{ secret: string }>(['credentials', 'add', '--username', 'open'], {
      dataDir,
    });
    const client = await connect(server, 'open', secret);
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    await cliJson(['credentials', 'update', 'open', '--disable'], { dataDir });
    await closed;
    await expect(connect(server, 'open', secret)).rejects.toThrow();
    await client.endAsync(true);
  });

  test('admits a client that was refused a moment before', async () => {
    const server = await start();
    await expect(connect(server, 'late', 'any')).rejects.toThrow();
    const { secret } = await cliJson<{ secret: string }>(['credentials', 'add', '--username', 'late'], {
      dataDir,
    });
    const client = await connect(server, 'late', secret);
    expect(client.connected).toBe(true);
    await client.endAsync(true);
  });
});

describe('bootstrap credentials', () => {
  test('are inserted once and never overwritten', async () => {
    const set = ['auth.bootstrap_credentials=[{username: first, password: from-the-file, tags: [seed]}]'];
    const server = await start(set);
    const attempt = (input: string) =>
      cli(['try', '--username', 'first', '--password-stdin'], { dataDir, input });
    expect((await attempt('from-the-file')).code).toBe(0);
    await cliJson(['credentials', 'update', 'first', '--password-stdin'], {
      dataDir,
      input: 'changed-since',
    });
    await server.end('SIGTERM');
    await start(set);
    expect((await attempt('from-the-file')).code).toBe(3);
    expect((await attempt('changed-since')).code).toBe(0);
  });
});
