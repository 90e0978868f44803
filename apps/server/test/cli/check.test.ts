import { hash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
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

/** An empty log and its index: there while a connection is open, which libsql closes when its statements are collected. */
const isTrace = (name: string): boolean =>
  name.endsWith('-shm') || (name.endsWith('-wal') && statSync(join(dataDir, name)).size === 0);
/** Every file of the data directory with what it holds, as a hash. */
const contents = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(dataDir)
      .filter((name) => !isTrace(name))
      .map((name) => [name, hash('sha256', readFileSync(join(dataDir, name)))]),
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

describe('check of authenticators that the store holds', () => {
  const entry = (settings: object, sealed: string | null = null) => ({
    settings,
    sealed,
    version: 1,
    updatedAt: 1,
  });
  const checks = async (
    set: readonly string[] = [],
  ): Promise<readonly [number, Readonly<Record<string, string>>]> => {
    const { code, stdout } = await cli(['check', '--json', ...set.flatMap((one) => ['--set', one])], {
      dataDir,
    });
    const { checks: all } = JSON.parse(stdout) as { checks: { name: string; detail: string }[] };
    return [code, Object.fromEntries(all.map(({ name, detail }) => [name, detail]))];
  };

  test('reaches their backends, says where each is, and changes nothing', async () => {
    await migrate({ url: '', dataDir });
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await new Promise((resolve) => silent.close(resolve));
    const http = { type: 'http', contract: 'status', url: `http://127.0.0.1:${port}/auth` };
    const authenticators = {
      down: entry(http),
      sealed: entry(http, 'gh1:made-under-another-key'),
      scram: entry({ type: 'scram' }),
      shadowed: entry(http),
    };
    const database = new Database(join(dataDir, 'main.db'));
    database
      .prepare('INSERT INTO settings ("key", "value") VALUES (?, ?)')
      .run('auth', JSON.stringify({ authenticators, chains: {}, anonymous: null }));
    database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
    database.close();
    const before = contents();
    const [code, details] = await checks(['auth.authenticators.shadowed={"type":"scram"}']);
    expect([code, details]).toMatchObject([
      1,
      {
        'auth.authenticators.shadowed': 'has no backend',
        'stored authenticator shadowed': expect.stringContaining(
          'not used while the configuration',
        ) as string,
        'stored authenticator scram': 'in the store; has no backend',
        'stored authenticator sealed': expect.stringContaining('secrets cannot be opened') as string,
      },
    ]);
    expect(details['stored authenticator down']).toMatch(/ECONNREFUSED|refused/i);
    expect(contents()).toEqual(before);
  });
});
