import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, cliJson } from '../support/server.ts';

interface Issued {
  readonly serial: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly pkcs12File?: string;
  readonly pkcs12Password?: string;
}

let home: string;
let dataDir: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-pki-cli-'));
  dataDir = join(home, 'data');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const pki = <T>(args: readonly string[], input?: string) =>
  cliJson<T>(['pki', ...args], { dataDir, ...(input === undefined ? {} : { input }) });
const issue = (...args: string[]) => pki<Issued>(['issue', '--out', home, ...args]);
const mode = (file: string): number => statSync(file).mode & 0o777;

describe('gatehouse pki', () => {
  test('init makes the CA once', async () => {
    const first = await pki<{ caFile: string; made: object }>(['init']);
    expect(first.made).toEqual({ authority: true, serverCertificate: true });
    expect((await pki<{ made: object }>(['init'])).made).toEqual({
      authority: false,
      serverCertificate: false,
    });
    expect(mode(join(dataDir, 'pki/ca.key'))).toBe(0o600);
  });

  test('issues what OpenSSL accepts, with a key for its owner only', async () => {
    const server = await issue('--cn', 'broker.example', '--for', 'server');
    const verified = execFileSync(
      'openssl',
      [
        'verify',
        '-purpose',
        'sslserver',
        '-verify_hostname',
        'broker.example',
        '-CAfile',
        server.caFile,
        server.certFile,
      ],
      { encoding: 'utf8' },
    );
    expect(verified).toMatch(/OK/);
    expect(mode(server.keyFile)).toBe(0o600);
  });

  test('writes PKCS#12 with a password that is generated and told once, or read from standard input', async () => {
    const opens = ({ pkcs12File = '' }: Issued, password: string): boolean =>
      spawnSync('openssl', ['pkcs12', '-in', pkcs12File, '-nokeys', '-passin', `pass:${password}`]).status ===
      0;
    const generated = await issue('--cn', 'pump-1', '--pkcs12');
    expect(opens(generated, generated.pkcs12Password ?? '')).toBe(true);
    const args = ['issue', '--out', home, '--cn', 'pump-2', '--pkcs12', '--password-stdin'];
    const given = await pki<Issued>(args, 'from stdin\n');
    expect(given.pkcs12Password).toBeUndefined();
    expect(opens(given, 'from stdin')).toBe(true);
  });

  test('revokes by file or serial number, and writes the list', async () => {
    const [one, two] = [await issue('--cn', 'lost-1'), await issue('--cn', 'lost-2')];
    const { results, crlFile } = await pki<{ results: object[]; crlFile: string }>([
      'revoke',
      one.certFile,
      two.serial.toLowerCase(),
      '--reason',
      'keyCompromise',
    ]);
    expect(results).toMatchObject([{ outcome: 'revoked' }, { outcome: 'revoked' }]);
    const text = execFileSync('openssl', ['crl', '-in', crlFile, '-noout', '-text'], { encoding: 'utf8' });
    expect(text.match(/Serial Number: /g)).toHaveLength(2);
  });

  test.each([
    ['a file that is there', ['issue', '--out', '.', '--cn', 'taken'], 1, /is there already/],
    ['a name that is none', ['issue', '--cn', 'x', '--san', 'no name'], 2, /--san/],
    ['a serial number of another CA', ['revoke', 'ABCDEF'], 1, /not issued here/],
  ])('refuses %s', async (_what, args, code, words) => {
    writeFileSync(join(tmpdir(), 'taken.crt'), '');
    const ended = await cli(['pki', ...args], { dataDir });
    rmSync(join(tmpdir(), 'taken.crt'));
    expect([ended.code, ended.stdout + ended.stderr]).toEqual([code, expect.stringMatching(words)]);
  });

  test('makes nothing where there is nothing to revoke', async () => {
    const elsewhere = join(home, 'elsewhere');
    expect((await cli(['pki', 'revoke', 'AB'], { dataDir: elsewhere })).code).toBe(1);
    expect(existsSync(elsewhere)).toBe(false);
  });
});

describe('gatehouse check', () => {
  const check = async (...set: string[]) => {
    const { code, stdout } = await cli(['check', '--json', ...set.flatMap((one) => ['--set', one])], {
      dataDir,
    });
    const { checks } = JSON.parse(stdout) as { checks: { name: string; detail: string }[] };
    return { code, detail: checks.find(({ name }) => name === 'listeners.tls')?.detail };
  };

  test('names the ciphers that this OpenSSL lacks, and fails when there are no others', async () => {
    const some = await check('listeners.tls.ciphers=AES256-SHA:PSK-RC4-SHA,NO-SUCH');
    expect(some).toEqual({ code: 0, detail: expect.stringMatching(/PSK-RC4-SHA, NO-SUCH$/) as string });
    const none = await check('listeners.tls.ciphers=PSK-RC4-SHA');
    expect(none).toEqual({ code: 1, detail: expect.stringContaining('names no cipher') as string });
  });

  test("reads a listener's certificate, and says when its key is another's", async () => {
    const one = await issue('--cn', 'a.example', '--for', 'server');
    const other = await issue('--cn', 'b.example', '--for', 'server');
    const good = await check(`listeners.tls.cert=${one.certFile}`, `listeners.tls.key=${one.keyFile}`);
    expect(good).toEqual({ code: 0, detail: expect.stringContaining('CN=a.example, good until') as string });
    const mixed = await check(`listeners.tls.cert=${one.certFile}`, `listeners.tls.key=${other.keyFile}`);
    expect(mixed).toEqual({ code: 1, detail: expect.stringContaining('another certificate') as string });
  });
});
