import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli, cliJson, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

const GUIDE = fileURLToPath(new URL('../../../../docs/guides/blocked-clients.md', import.meta.url));

interface Blocked {
  readonly id: string;
  readonly kind: string;
  readonly value: string;
  readonly expiresAt: string | null;
  readonly comment: string;
}

/** Opening the store takes a moment; where many tests share two cores, a good deal more. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.each(['while the server runs', 'while it is stopped'] as const)('gatehouse blocked %s', (when) => {
  let dataDir: string;
  let server: TestServer | undefined;
  beforeAll(async () => {
    dataDir = newDataDir();
    if (when === 'while the server runs') server = await startServer(dataDir);
  });
  afterAll(async () => {
    await server?.end('SIGTERM');
    removeDataDir(dataDir);
  });
  const add = (...options: readonly string[]) =>
    cliJson<Blocked>(['blocked', 'add', ...options], { dataDir });
  const list = async () =>
    (await cliJson<{ items: readonly Blocked[] }>(['blocked', 'list'], { dataDir })).items;

  test.each([
    ['--client-id', 'clientId', 'pump-7', 'pump-7'],
    ['--username', 'username', 'eve', 'eve'],
    ['--ip', 'ip', '::ffff:198.51.100.9', '198.51.100.9'],
    ['--cidr', 'cidr', '198.51.100.7/24', '198.51.100.0/24'],
    ['--fingerprint', 'fingerprint', 'AB:'.repeat(31) + 'AB', 'ab'.repeat(32)],
    ['--pattern', 'pattern', 'scan-[0-9]+', 'scan-[0-9]+'],
  ])('%s adds a block that the list shows and its value removes', async (option, kind, typed, value) => {
    const made = await add(option, typed, '--comment', 'why');
    expect(made).toMatchObject({ kind, value, expiresAt: null, comment: 'why' });
    expect(await list()).toEqual([made]);
    expect((await cli(['blocked', 'remove', value], { dataDir })).code).toBe(0);
    expect(await list()).toEqual([]);
  });

  test('the commands of the guide do what it says, in their order', async () => {
    const script = /```sh\n([\s\S]*?)```/.exec(readFileSync(GUIDE, 'utf8'))?.[1] ?? '';
    const commands = script.split('\n').filter((line) => line.startsWith('npx gatehouse '));
    expect(commands.length).toBeGreaterThan(3);
    for (const line of commands) {
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
      expect((await cli(words.slice(2), { dataDir })).code).toBe(0);
    }
    const left = await list();
    expect(left.map(({ value }) => value).sort()).toEqual(['203.0.113.0/24', 'scan-[0-9]+']);
    await cli(['blocked', 'remove', ...left.map(({ id }) => id)], { dataDir });
  });

  test('a block ends when it is said to, or so long from now', async () => {
    const at = new Date(Date.now() + 60_000).toISOString();
    expect((await add('--client-id', 'a', '--expires', at)).expiresAt).toBe(at);
    const { id, expiresAt } = await add('--client-id', 'b', '--expires', '2h');
    expect(Math.abs(Date.parse(expiresAt ?? '') - Date.now() - 7_200_000)).toBeLessThan(60_000);
    expect((await cli(['blocked', 'remove', 'a', id], { dataDir })).code).toBe(0);
  });

  test('none or two of what can be blocked is wrong usage; a value that cannot be read fails in words', async () => {
    expect((await cli(['blocked', 'add'], { dataDir })).code).toBe(2);
    expect((await cli(['blocked', 'add', '--ip', '::1', '--username', 'a'], { dataDir })).code).toBe(2);
    const failed = await cli(['blocked', 'add', '--pattern', '('], { dataDir });
    expect([failed.code, failed.stderr]).toEqual([2, expect.stringContaining('RE2')]);
    expect((await cli(['blocked', 'remove', 'nobody'], { dataDir })).code).toBe(1);
  });

  test('`try` refuses who is blocked, whatever the password, and counts no hit', async () => {
    const { secret } = await cliJson<{ secret: string }>(
      ['credentials', 'add', '--username', 'boss', '--superuser'],
      { dataDir },
    );
    const { id } = await add('--username', 'boss');
    const tried = await cli(['try', '--username', 'boss', '--password-stdin', '--json'], {
      dataDir,
      input: secret,
    });
    expect(tried.code).toBe(3);
    expect(JSON.parse(tried.stdout)).toMatchObject({
      reason: 'CLIENT_BLOCKED',
      trace: [{ authenticator: 'blocks', outcome: 'deny', detail: { block: id, kind: 'username' } }],
    });
    expect(await list()).toEqual([expect.objectContaining({ id, hits: 0 })]);
  });
});
