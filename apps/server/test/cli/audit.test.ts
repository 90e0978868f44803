import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cli, newDataDir, removeDataDir } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000 });

let dataDir: string;
beforeAll(() => {
  dataDir = newDataDir();
});
afterAll(() => removeDataDir(dataDir));

test('audit verify finds the chain intact, notes that it looked, and exits 1 once an entry was changed behind its back', async () => {
  for (const name of ['one', 'two'])
    expect((await cli(['api-keys', 'create', '--name', name, '--role', 'viewer'], { dataDir })).code).toBe(0);
  const intact = await cli(['audit', 'verify', '--json'], { dataDir });
  expect([intact.code, JSON.parse(intact.stdout)]).toEqual([0, { entries: 2, intact: true, brokenAt: null }]);
  expect(JSON.parse((await cli(['audit', 'verify', '--json'], { dataDir })).stdout)).toMatchObject({
    entries: 3,
  });
  const database = new Database(join(dataDir, 'main.db'));
  const triggers = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'")
    .all() as { name: string }[];
  expect(() =>
    database.exec("UPDATE audit_entries SET actor_name = 'somebody else' WHERE seq = 1"),
  ).toThrow();
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`);
  database.exec("UPDATE audit_entries SET actor_name = 'somebody else' WHERE seq = 1");
  database.close();
  const broken = await cli(['audit', 'verify'], { dataDir });
  expect(broken.code).toBe(1);
  expect(broken.stdout).toContain('The chain of hashes is broken');
});
