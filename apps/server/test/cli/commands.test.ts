import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli, cliJson, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

interface Listed {
  readonly items: readonly Record<string, unknown>[];
}

/** Opening the store takes a moment; where many tests share two cores, a good deal more. */
vi.setConfig({ testTimeout: 60_000 });

/** The same guarantees whether the commands reach a running server or the store itself. */
describe.each(['while the server runs', 'while it is stopped'] as const)('commands %s', (when) => {
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

  test('api-keys create works before there is any owner, and tells the key once', async () => {
    const created = await cliJson<Record<string, string>>(
      ['api-keys', 'create', '--name', 'ci', '--role', 'viewer'],
      { dataDir },
    );
    expect(Object.keys(created).sort()).toEqual(['id', 'key', 'name', 'role']);
    const listed = await cli(['api-keys', 'list', '--json'], { dataDir });
    expect((JSON.parse(listed.stdout) as Listed).items).toEqual([
      expect.objectContaining({ id: created['id'], role: 'viewer' }),
    ]);
    expect(listed.stdout).not.toContain(created['key']);
    expect((await cli(['api-keys', 'revoke', created['id'] ?? ''], { dataDir })).code).toBe(0);
    expect((await cliJson<Listed>(['api-keys', 'list'], { dataDir })).items).toEqual([]);
  });

  test('a generated secret admits, is told once and never again', async () => {
    const added = await cliJson<{ id: string; secret: string }>(
      ['credentials', 'add', '--username', 'pump-1'],
      { dataDir },
    );
    expect(added.secret).toMatch(/^[\w-]{22,}$/);
    const shown = await cli(['credentials', 'show', 'pump-1', '--json'], { dataDir });
    expect(shown.stdout).toContain(added.id);
    expect(shown.stdout).not.toContain(added.secret);
    const tried = await cli(['try', '--username', 'pump-1', '--password-stdin', '--json'], {
      dataDir,
      input: `${added.secret}\n`,
    });
    expect(tried.code).toBe(0);
    expect(JSON.parse(tried.stdout)).toMatchObject({ outcome: 'allow', reason: null });
  });

  test('try exits 3 when refused, with reason and trace', async () => {
    const tried = await cli(['try', '--username', 'nobody', '--password-stdin', '--json'], {
      dataDir,
      input: 'x',
    });
    expect(tried.code).toBe(3);
    expect(JSON.parse(tried.stdout)).toMatchObject({
      outcome: 'deny',
      reason: 'BASIC_NO_CREDENTIALS',
      trace: [{ authenticator: 'builtin', outcome: 'ignore' }],
    });
  });

  test('a password from standard input is chosen, and its change voids the old one', async () => {
    await cliJson(['credentials', 'add', '--username', 'lamp', '--password-stdin'], {
      dataDir,
      input: 'correct horse\n',
    });
    const attempt = (input: string) =>
      cli(['try', '--username', 'lamp', '--password-stdin'], { dataDir, input });
    expect((await attempt('correct horse')).code).toBe(0);
    await cliJson(['credentials', 'update', 'lamp', '--password-stdin'], {
      dataDir,
      input: 'battery staple',
    });
    expect((await attempt('correct horse')).code).toBe(3);
    expect((await attempt('battery staple')).code).toBe(0);
  });

  test('disabling refuses from then on, enabling admits again', async () => {
    const { secret } = await cliJson<{ secret: string }>(['credentials', 'add', '--client-id', 'fan-1'], {
      dataDir,
    });
    const attempt = () =>
      cli(['try', '--client-id', 'fan-1', '--password-stdin'], { dataDir, input: secret });
    await cliJson(['credentials', 'update', 'fan-1', '--disable'], { dataDir });
    expect((await attempt()).code).toBe(3);
    await cliJson(['credentials', 'update', 'fan-1', '--enable'], { dataDir });
    expect((await attempt()).code).toBe(0);
  });

  test('the same identity twice is a failure, not a second credential', async () => {
    await cliJson(['credentials', 'add', '--username', 'twice'], { dataDir });
    const again = await cli(['credentials', 'add', '--username', 'twice'], { dataDir });
    expect(again).toMatchObject({ code: 1, stdout: '' });
  });

  test('import takes CSV from standard input and a dry run changes nothing', async () => {
    const csv = 'username,password,tags\nimp-1,pass-word-1,a|b\nimp-2,pass-word-2,\n';
    const dry = await cliJson<{ created: number }>(['credentials', 'import', '-', '--dry-run'], {
      dataDir,
      input: csv,
    });
    expect(dry.created).toBe(2);
    expect((await cli(['credentials', 'show', 'imp-1'], { dataDir })).code).toBe(1);
    await cliJson(['credentials', 'import', '-'], { dataDir, input: csv });
    const shown = await cliJson<{ tags: string[] }>(['credentials', 'show', 'imp-1'], { dataDir });
    expect(shown.tags).toEqual(['a', 'b']);
    const exported = await cli(['credentials', 'export'], { dataDir });
    expect(exported.stdout).toContain('imp-2');
    expect(exported.stdout).not.toContain('pass-word');
  });

  test('remove removes, and what is not there is a failure', async () => {
    await cliJson(['credentials', 'add', '--username', 'gone'], { dataDir });
    expect((await cli(['credentials', 'remove', 'gone'], { dataDir })).code).toBe(0);
    expect((await cli(['credentials', 'remove', 'gone'], { dataDir })).code).toBe(1);
  });

  test('unauthorized list is a list, export streams, delete needs to be told what', async () => {
    expect((await cliJson<Listed>(['unauthorized', 'list'], { dataDir })).items).toEqual([]);
    expect((await cli(['unauthorized', 'export', '--format', 'csv'], { dataDir })).stdout).toContain(
      'reason',
    );
    expect((await cli(['unauthorized', 'delete'], { dataDir })).code).toBe(2);
    expect(await cliJson(['unauthorized', 'delete', '--all'], { dataDir })).toEqual({ deleted: 0 });
  });

  test('owner prints a one-time link with its token in the fragment', async () => {
    const { url } = await cliJson<{ url: string }>(['owner'], { dataDir });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup#token=[\w-]{22,}$/);
  });

  test('check reaches the store', async () => {
    const { code, stdout } = await cli(['check', '--json'], { dataDir });
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, ok: true });
  });

  test('status tells whether a server runs', async () => {
    const { code, stdout } = await cli(['status', '--json'], { dataDir });
    const running = when === 'while the server runs';
    expect(code).toBe(running ? 0 : 1);
    expect(JSON.parse(stdout)).toMatchObject({ running });
  });
});

describe('wrong usage exits 2 and changes nothing', () => {
  test.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['status', '--frob']],
    ['a missing argument', ['credentials', 'show']],
    ['a missing required option', ['api-keys', 'create', '--name', 'x']],
    ['an option out of its range', ['unauthorized', 'list', '--limit', '0']],
    ['a wrong configuration', ['check', '--set', 'api.port=70000']],
    ['a configuration file that is not there', ['check', '--config', '/nonexistent/gatehouse.yaml']],
  ])('%s', async (_what, args) => {
    const { code, stdout, stderr } = await cli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  test('a role that the API refuses is wrong usage too', async () => {
    const dataDir = newDataDir();
    const { code } = await cli(['api-keys', 'create', '--name', 'x', '--role', 'owner'], { dataDir });
    expect(code).toBe(2);
    removeDataDir(dataDir);
  });

  test('a question to a directory without data fails, says which, and makes nothing', async () => {
    const dataDir = newDataDir();
    for (const args of [
      ['credentials', 'list'],
      ['unauthorized', 'list'],
      ['try', '--username', 'x'],
    ]) {
      const { code, stdout, stderr } = await cli(args, { dataDir });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`There is no data in ${dataDir}`);
    }
    expect(readdirSync(dataDir)).toEqual([]);
    removeDataDir(dataDir);
  });

  test('help and version are no errors', async () => {
    expect((await cli(['--help'])).code).toBe(0);
    expect((await cli(['--version'])).code).toBe(0);
  });
});
