import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@gatehouse/store';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli } from '../support/server.ts';

let home: string;
let dataDir: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-check-'));
  dataDir = join(home, 'data');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Every file of the data directory with its bytes. */
const contents = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(dataDir).map((name) => [name, readFileSync(join(dataDir, name)).toString('base64')]),
  );
const check = async (): Promise<readonly [code: number, detail: string]> => {
  const { code, stdout } = await cli(['check', '--json'], { dataDir });
  const { checks } = JSON.parse(stdout) as { checks: { name: string; detail: string }[] };
  return [code, checks.find(({ name }) => name === 'store')?.detail ?? ''];
};

describe('check changes nothing', () => {
  test('where there is no database yet, and says that one would be made', async () => {
    expect(await check()).toEqual([0, 'there is none yet; start makes it']);
    expect(existsSync(dataDir)).toBe(false);
  });

  test('in a database that is up to date', async () => {
    await migrate({ url: '', dataDir });
    const before = contents();
    expect(await check()).toEqual([0, 'answers, up to date']);
    expect(contents()).toEqual(before);
  });

  test('in an older database, and names what would be migrated', async () => {
    const applied = await migrate({ url: '', dataDir });
    const last = applied.at(-1) ?? '';
    const database = new Database(join(dataDir, 'main.db'));
    database.prepare('DELETE FROM _prisma_migrations WHERE migration_name = ?').run(last);
    database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
    database.close();
    const before = contents();
    expect(await check()).toEqual([0, `would be migrated at start: ${last}`]);
    expect(contents()).toEqual(before);
  });

  test('in a damaged one, and fails', async () => {
    await migrate({ url: '', dataDir });
    for (const name of readdirSync(dataDir)) if (name !== 'main.db') rmSync(join(dataDir, name));
    writeFileSync(join(dataDir, 'main.db'), 'this is no database '.repeat(500));
    const before = contents();
    const [code, detail] = await check();
    expect(code).toBe(1);
    expect(detail).toContain('damaged');
    expect(contents()).toEqual(before);
  });
});
