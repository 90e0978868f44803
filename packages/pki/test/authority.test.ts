import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Secret } from '@gatehouse/auth-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Authority,
  ensureServerCertificate,
  issue,
  openAuthority,
  pkiFiles,
  revoke,
  serialOf,
  toPkcs12,
} from '../src/index.ts';

const NOW = Date.now();
const DAY_MS = 86_400_000;
const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });

let home: string;
let authority: Authority;
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(home, name), content);
  return join(home, name);
};
const mode = (path: string): number => statSync(path).mode & 0o777;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-pki-'));
  authority = await openAuthority(join(home, 'pki'), NOW);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('an authority', () => {
  test('is made once, with keys for their owner only', async () => {
    const files = pkiFiles(authority.dir);
    expect(authority.isNew).toBe(true);
    expect([mode(authority.dir), mode(files.caKey), mode(files.caCert)]).toEqual([0o700, 0o600, 0o644]);
    const again = await openAuthority(authority.dir, NOW);
    expect([again.isNew, again.credentials.cert]).toEqual([false, authority.credentials.cert]);
    expect(openssl('x509', '-in', files.caCert, '-noout', '-text')).toMatch(/CA:TRUE, pathlen:0/);
  });

  test('is one, however many make it at the same time', async () => {
    const dir = join(home, 'raced');
    const made = await Promise.all([1, 2, 3].map(() => openAuthority(dir, NOW)));
    expect(new Set(made.map(({ credentials }) => credentials.cert)).size).toBe(1);
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(readdirSync(home).filter((name) => name.startsWith('raced'))).toEqual(['raced']);
  });

  test('with the key of another is refused in words', async () => {
    const dir = mkdtempSync(join(home, 'mixed-'));
    const other = await openAuthority(join(home, 'other'), NOW);
    writeFileSync(pkiFiles(dir).caCert, authority.credentials.cert);
    await expect(openAuthority(dir, NOW)).rejects.toThrow(/ca\.crt or .*ca\.key is missing/);
    writeFileSync(pkiFiles(dir).caKey, other.credentials.key.reveal());
    await expect(openAuthority(dir, NOW)).rejects.toThrow(/ca\.key is not the key of/);
  });
});

describe('what it issues', () => {
  test.each([
    ['server', 'sslserver', 'broker.example'],
    ['client', 'sslclient', 'pump-7 – Łódź'],
  ] as const)('OpenSSL accepts as a %s', async (purpose, opensslPurpose, commonName) => {
    const names = purpose === 'server' ? ['broker.example', '192.0.2.1', '2001:db8::1'] : [];
    const { cert, key } = await issue(authority, { purpose, commonName, names, days: 10 }, NOW);
    const path = file(`${purpose}.crt`, cert);
    const { caCert, issuedDir } = pkiFiles(authority.dir);
    expect(openssl('verify', '-x509_strict', '-purpose', opensslPurpose, '-CAfile', caCert, path)).toMatch(
      /OK/,
    );
    createSecureContext({ cert, key: key.reveal() });
    const parsed = new X509Certificate(cert);
    expect(parsed.subject).toContain(`CN=${commonName}`);
    expect(names.map((name) => parsed.checkHost(name) ?? parsed.checkIP(name))).toEqual(names);
    expect(Math.round((Date.parse(parsed.validTo) - NOW) / DAY_MS)).toBe(10);
    expect(readFileSync(join(issuedDir, `${serialOf(cert)}.crt`), 'utf8')).toBe(cert);
  });

  test('fits into a PKCS#12 that OpenSSL opens with its password and no other', async () => {
    const leaf = await issue(authority, { purpose: 'client', commonName: 'x', names: [], days: 1 }, NOW);
    const path = file('x.p12', toPkcs12(leaf, authority.credentials.cert, new Secret('open sesame')));
    const read = (password: string) =>
      spawnSync('openssl', ['pkcs12', '-in', path, '-nodes', '-passin', `pass:${password}`], {
        encoding: 'utf8',
      });
    expect(read('open sesame').stdout).toContain('BEGIN PRIVATE KEY');
    expect(read('open sesame').stdout.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(read('wrong').status).not.toBe(0);
  });
});

describe("the server's own certificate", () => {
  const names = ['localhost', '127.0.0.1'];
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(home, 'own-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test('stays as it is while it serves, and is made anew when it does not', async () => {
    const own = await openAuthority(dir, NOW);
    const ensure = async (now: number, wanted = names) =>
      (await ensureServerCertificate(own, now, wanted)).isNew;
    expect(await ensure(NOW)).toBe(true);
    expect(await ensure(NOW + 700 * DAY_MS)).toBe(false);
    expect(await ensure(NOW + 800 * DAY_MS)).toBe(true);
    expect(await ensure(NOW, [...names, '192.0.2.9'])).toBe(true);
    const { serverKey } = pkiFiles(dir);
    expect(mode(serverKey)).toBe(0o600);
    writeFileSync(serverKey, authority.credentials.key.reveal());
    expect(await ensure(NOW)).toBe(true);
  });
});

describe('a revocation', () => {
  const revokedAt = Date.parse('2051-01-02T03:04:05Z');

  test('is in the list that OpenSSL reads, and turns the certificate down', async () => {
    const { cert } = await issue(
      authority,
      { purpose: 'client', commonName: 'stolen', names: [], days: 9 },
      NOW,
    );
    const other = await issue(authority, { purpose: 'client', commonName: 'kept', names: [], days: 9 }, NOW);
    const { crl, caCert } = pkiFiles(authority.dir);
    expect(openssl('crl', '-in', crl, '-CAfile', caCert, '-noout', '-text')).toContain(
      'No Revoked Certificates',
    );
    expect(revoke(authority, serialOf(cert).toLowerCase(), 'keyCompromise', NOW).outcome).toBe('revoked');
    const text = openssl('crl', '-in', crl, '-CAfile', caCert, '-noout', '-text');
    expect(text).toContain(`Serial Number: ${serialOf(cert)}`);
    expect(text).toContain('Key Compromise');
    const verify = (pem: string) =>
      spawnSync(
        'openssl',
        ['verify', '-crl_check', '-CRLfile', crl, '-CAfile', caCert, file('one.crt', pem)],
        {
          encoding: 'utf8',
        },
      );
    expect(verify(cert).stderr).toContain('certificate revoked');
    expect(verify(other.cert).stdout).toContain('OK');
  });

  test('keeps those before it, also beyond 2050', async () => {
    const { cert } = await issue(
      authority,
      { purpose: 'client', commonName: 'late', names: [], days: 9 },
      NOW,
    );
    const result = revoke(authority, serialOf(cert), 'unspecified', revokedAt);
    expect(result.outcome === 'revoked' && result.revoked).toHaveLength(2);
    expect(openssl('crl', '-in', pkiFiles(authority.dir).crl, '-noout', '-text')).toContain(
      'Jan  2 03:04:05 2051 GMT',
    );
  });

  test('is made once, and of its own certificates only', async () => {
    const { cert } = await issue(
      authority,
      { purpose: 'client', commonName: 'once', names: [], days: 9 },
      NOW,
    );
    expect(revoke(authority, serialOf(cert), 'superseded', NOW).outcome).toBe('revoked');
    expect(revoke(authority, serialOf(cert), 'superseded', NOW).outcome).toBe('already-revoked');
    expect(revoke(authority, 'ABCDEF', 'superseded', NOW).outcome).toBe('unknown');
    expect(revoke(authority, '../../ca', 'superseded', NOW).outcome).toBe('unknown');
  });
});
