import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningListener, startListener } from './support.ts';

let home: string;
let running: RunningListener | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-unix-'));
});
afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
  rmSync(home, { recursive: true, force: true });
});

const socketAt = (path: string, mode = 0o600) => ({ transport: 'unix', socket: { path, mode } }) as const;

test.each([0o600, 0o660])('MQTT.js gets in over a socket of mode %o', async (mode) => {
  const path = join(home, 'mqtt.sock');
  running = await startListener(socketAt(path, mode));
  expect(statSync(path).mode & 0o777).toBe(mode);
  const client = await connectAsync(`mqtt+unix://${path}`);
  await client.subscribeAsync('a/b');
  await client.endAsync();
  expect(running.attempts[0]).toMatchObject({ transport: 'unix', ip: '127.0.0.1', listener: 'it' });
  expect(running.broker.listeners()).toMatchObject([{ transport: 'unix', host: path, port: null }]);
});

test('a socket that a killed process left behind is replaced', async () => {
  const path = join(home, 'dead.sock');
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script]);
  expect(statSync(path).isSocket()).toBe(true);
  running = await startListener(socketAt(path));
  expect(running.broker.listeners()).toHaveLength(1);
});

test('a socket in use, and a file that is none, stay as they are', async () => {
  const path = join(home, 'mqtt.sock');
  running = await startListener(socketAt(path));
  await expect(startListener(socketAt(path))).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const file = join(home, 'notes.txt');
  writeFileSync(file, 'mine');
  await expect(startListener(socketAt(file))).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(statSync(file).size).toBe(4);
});
