import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { dataDirOf } from '../../src/runtime/data-dir.ts';
import { beginRestore } from '../../src/runtime/pending-restore.ts';
import { loadConfig } from '../../src/config/load.ts';
import { cli, newDataDir, removeDataDir } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let origin: string;
let backup: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-backup-'));
  origin = newDataDir();
  backup = join(folder, 'house.backup');
  await cli(['credentials', 'add', '--username', 'fleet', '--password-stdin'], {
    dataDir: origin,
    input: 'winter-kestrel-7',
  });
  const made = await cli(['backup', backup], { dataDir: origin });
  expect(made.code, made.stderr).toBe(0);
  expect(made.stderr).toContain(`The secret key ${join(origin, 'secret.key')} is not in it`);
});
afterAll(() => {
  removeDataDir(origin);
  rmSync(folder, { recursive: true, force: true });
});

/** A backup of this test's, made of the good one. */
const spoilt = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const lines = (): string[] => gunzipSync(readFileSync(backup)).toString().split('\n');

test('a file that is there is left alone without --force, and a backup that fails leaves none', async () => {
  const before = readFileSync(backup);
  const again = await cli(['backup', backup], { dataDir: origin });
  expect([again.code, again.stderr]).toEqual([
    1,
    `${backup} exists. Choose another name, or replace it with --force.\n`,
  ]);
  expect(readFileSync(backup)).toEqual(before);
  const nowhere = await cli(['backup', join(folder, 'no', 'file')], { dataDir: origin });
  expect(nowhere.code).toBe(1);
  expect(nowhere.stderr).toContain('its directory does not exist');
  expect((await cli(['backup', backup, '--force'], { dataDir: origin })).code).toBe(0);
  expect(readdirSync(folder)).toEqual(['house.backup']);
});

test.each([
  ['cut off', () => readFileSync(backup).subarray(0, -200), 'it was cut off'],
  ['cut off between two lines', () => gzipSync(lines().slice(0, 9).join('\n')), 'it was cut off'],
  ['no backup', () => Buffer.from('id,name\n1,x\n'), 'is not a backup of Gatehouse'],
  ['another gzip', () => gzipSync('{"kind":"diary"}\n'), 'is not a backup of Gatehouse'],
  [
    'a changed byte',
    () => {
      const bytes = Buffer.from(readFileSync(backup));
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      return bytes;
    },
    'is damaged',
  ],
  [
    'a changed value',
    () => gzipSync(lines().join('\n').replace('fleet', 'float')),
    'its checksum is another',
  ],
  [
    'a later format',
    () => gzipSync(lines().join('\n').replace('"format":1', '"format":2')),
    'this version reads format 1',
  ],
] as const)('restore refuses %s and touches nothing', async (name, bytes, words) => {
  const target = join(folder, 'target');
  const found = await cli(['restore', spoilt(name, bytes())], { dataDir: target });
  expect(found.code).toBe(1);
  expect(found.stderr).toContain(words);
  expect(existsSync(target)).toBe(false);
});

test('restore wants the secret key of the backup and an empty place, or --force', async () => {
  const target = newDataDir();
  const without = await cli(['restore', backup], { dataDir: target });
  expect(without.code).toBe(1);
  expect(without.stderr).toContain(`Put the server's secret.key at ${join(target, 'secret.key')}`);
  writeFileSync(join(target, 'secret.key'), Buffer.alloc(32, 7).toString('base64url'));
  const another = await cli(['restore', backup], { dataDir: target });
  expect(another.stderr).toContain('is another secret key than that of the backup');
  copyFileSync(join(origin, 'secret.key'), join(target, 'secret.key'));
  expect((await cli(['restore', backup, '--json'], { dataDir: target })).code).toBe(0);
  const full = await cli(['restore', backup], { dataDir: target });
  expect(full.stderr).toContain('has data already (main.db)');
  expect((await cli(['restore', backup, '--force'], { dataDir: target })).code).toBe(0);
  const tried = await cli(['try', '--username', 'fleet', '--password-stdin', '--client-id', 'c'], {
    dataDir: target,
    input: 'winter-kestrel-7',
  });
  expect(tried.code).toBe(0);
  removeDataDir(target);
});

test('a restore that was killed has changed nothing before its last step, and is done after it', async () => {
  const target = newDataDir();
  const loaded = loadConfig({ set: [`data_dir=${target}`], env: {}, cwd: folder });
  if (!loaded.ok) throw new Error('the configuration is wrong');
  const partial = beginRestore(dataDirOf(loaded.loaded.config));
  copyFileSync(join(origin, 'main.db'), join(partial, 'main.db'));
  copyFileSync(join(origin, 'secret.key'), join(partial, 'secret.key'));
  // Killed while it was made: what is there is no data.
  const before = await cli(['credentials', 'list'], { dataDir: target });
  expect(before.stderr).toContain('There is no data in');
  // Killed right behind the step that counts.
  renameSync(partial, join(target, 'restore.ready'));
  await cli(['migrate'], { dataDir: target });
  const after = await cli(['credentials', 'list', '--json'], { dataDir: target });
  expect(JSON.parse(after.stdout)).toMatchObject({ items: [{ username: 'fleet' }] });
  expect(readdirSync(target).filter((name) => name.startsWith('restore'))).toEqual([]);
  removeDataDir(target);
});
