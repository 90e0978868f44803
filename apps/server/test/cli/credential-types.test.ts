import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialDto } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli, cliJson, newDataDir, removeDataDir } from '../support/server.ts';

/** Opening the store takes a moment; where many tests share two cores, a good deal more. */
vi.setConfig({ testTimeout: 60_000 });

describe('credentials update', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = newDataDir();
  });
  afterAll(() => removeDataDir(dataDir));

  const credentials = (args: readonly string[], input?: string): Promise<CredentialDto> =>
    cliJson<CredentialDto>(['credentials', ...args], { dataDir, ...(input === undefined ? {} : { input }) });

  test('changes what a certificate has to have, and leaves what is not given', async () => {
    const rules = join(dataDir, 'rules.json');
    writeFileSync(rules, '[{"pattern": ".*", "rules": []}]');
    const made = await credentials(['add', '--type', 'x509', '--cn', 'pump-1', '--name', 'Pumps']);
    const changed = await credentials([
      ...['update', 'Pumps', '--cn-pattern', 'pump-[0-9]+', '--skip-validity', '--rules-by-cn', rules],
    ]);
    expect(changed).toMatchObject({
      id: made.id,
      name: 'Pumps',
      x509: { match: { by: 'cn_pattern', pattern: 'pump-[0-9]+' }, skipValidity: true },
    });
    expect(changed.x509?.rulesByCn).toHaveLength(1);
    const back = await credentials(['update', made.id, '--no-skip-validity', '--no-rules-by-cn']);
    expect(back.x509).toEqual({ match: changed.x509?.match, skipValidity: false, rulesByCn: null });
  });

  test('names a key’s identity anew and takes a key from standard input', async () => {
    const { id } = await credentials(['add', '--type', 'psk', '--identity', 'valve-1']);
    const renamed = await credentials(['update', 'valve-1', '--identity', 'valve-2']);
    expect(renamed).toMatchObject({ id, psk: { identity: 'valve-2' }, secretKind: 'generated' });
    const keyed = await credentials(['update', 'valve-2', '--key-stdin'], `${'ab'.repeat(32)}\n`);
    expect(keyed).toMatchObject({ id, secretKind: 'chosen' });
  });

  test('refuses two things to match, two secrets of one input, and facts of another type', async () => {
    await credentials(['add', '--username', 'basic']);
    const update = async (...args: string[]): Promise<readonly [number, string]> => {
      const { code, stderr } = await cli(['credentials', 'update', 'basic', ...args], {
        dataDir,
        input: 'x',
      });
      return [code, stderr];
    };
    expect(await update('--cn', 'a', '--fingerprint', 'b')).toEqual([
      2,
      expect.stringContaining('exactly one of --cn'),
    ]);
    expect(await update('--password-stdin', '--key-stdin')).toEqual([2, expect.stringContaining('not both')]);
    expect(await update('--cn', 'a')).toEqual([
      2,
      expect.stringContaining('x509: is not for a credential of type basic'),
    ]);
    expect(await update()).toEqual([2, expect.stringContaining('nothing to change')]);
  });

  test('export writes JSON that import reads back, and tells bad rows by line and by entry', async () => {
    const { stdout } = await cli(['credentials', 'export', '--format', 'json'], { dataDir });
    const exported = JSON.parse(stdout) as readonly object[];
    expect(exported.length).toBeGreaterThan(2);
    expect(stdout).not.toContain('abab');
    const other = newDataDir();
    const imported = await cliJson(['credentials', 'import', '-'], { dataDir: other, input: stdout });
    expect(imported).toMatchObject({ created: exported.length, errors: [] });
    const wrong = (input: string) =>
      cli(['credentials', 'import', '-', '--dry-run'], { dataDir: other, input });
    expect((await wrong('username,enabled\na,perhaps')).stdout).toContain(
      'line 2, enabled: is neither true nor false',
    );
    expect((await wrong('[{"username": "a"}, 7]')).stdout).toContain('entry 2 is not an object');
    removeDataDir(other);
  });
});
