import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Harness, startHarness } from '../api/support/harness.ts';
import { cli, newDataDir, removeDataDir } from '../support/server.ts';

let dataDir: string;
let house: Harness;
let control: Server;

beforeEach(async () => {
  dataDir = newDataDir();
  house = await startHarness();
  control = createServer(house.api.control.handler).listen(join(dataDir, 'control.sock'));
  await once(control, 'listening');
});
afterEach(async () => {
  control.close();
  await house.close();
  removeDataDir(dataDir);
});

const status = async (): Promise<readonly string[]> => {
  const { code, stdout } = await cli(['status'], { dataDir });
  expect(code).toBe(0);
  return stdout.split('\n').filter((line) => line.startsWith('journal'));
};

test('status tells what keeps the journal from the disk, fit for a terminal, and nothing while all is well', async () => {
  expect(await status()).toEqual([]);
  const { current } = house.plane;
  const problem = 'SqliteError: database or disk is full\u001b[2J';
  house.plane.current = { ...current, journal: { ...current.journal, problem, backlogBytes: 4_096 } };
  expect(await status()).toEqual([
    String.raw`journal is not written: SqliteError: database or disk is full\u{1b}[2J   waiting 4096 bytes`,
  ]);
});
