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
  issueFor,
  openAuthority,
  pkiFiles,
  readSigningRequest,
  type Revoked,
  serialOf,
  toPkcs12,
  writeRevocations,
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
    const { caCert } = pkiFiles(authority.dir);
    expect(openssl('verify', '-x509_strict', '-purpose', opensslPurpose, '-CAfile', caCert, path)).toMatch(
      /OK/,
    );
    createSecureContext({ cert, key: key.reveal() });
    const parsed = new X509Certificate(cert);
    expect(parsed.subject).toContain(`CN=${commonName}`);
    expect(names.map((name) => parsed.checkHost(name) ?? parsed.checkIP(name))).toEqual(names);
    expect(Math.round((Date.parse(parsed.validTo) - NOW) / DAY_MS)).toBe(10);
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

describe('a certificate for a key that somebody else holds', () => {
  /** A key and a request for it, made by OpenSSL. */
  function request(name: string, key: readonly string[], more: readonly string[] = []): string {
    const path = join(home, `${name}.key`);
    openssl('genpkey', '-out', path, ...key);
    return openssl('req', '-new', '-key', path, '-subj', `/CN=${name}`, ...more);
  }
  const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
  const EC = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

  test.each([
    ['rsa', RSA],
    ['p256', EC],
    ['ed25519', ['-algorithm', 'ED25519']],
  ] as const)('is what OpenSSL accepts: %s', (kind, key) => {
    const names = 'DNS:pump.example,IP:192.0.2.7,IP:2001:db8::7,URI:spiffe://acme/pump,email:a@acme.example';
    const asked = readSigningRequest(request(kind, key, ['-addext', `subjectAltName=${names}`]));
    expect(asked).toMatchObject({
      commonName: kind,
      names: ['pump.example', '192.0.2.7', '2001:db8::7', 'spiffe://acme/pump', 'a@acme.example'],
    });
    const facts = { purpose: 'client', commonName: kind, names: asked.names, days: 5 } as const;
    const cert = issueFor(authority, facts, asked.publicKey, NOW);
    const path = file(`${kind}.crt`, cert);
    const { caCert } = pkiFiles(authority.dir);
    expect(openssl('verify', '-x509_strict', '-purpose', 'sslclient', '-CAfile', caCert, path)).toMatch(/OK/);
    expect(openssl('x509', '-in', path, '-noout', '-ext', 'subjectAltName')).toContain(
      'URI:spiffe://acme/pump',
    );
    createSecureContext({ cert, key: readFileSync(join(home, `${kind}.key`)) });
  });

  test.each([
    ['no request', () => 'x', /no certificate request/],
    [
      'a short key',
      () => request('short', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024']),
      /1024 bits/,
    ],
    [
      'another curve',
      () => request('curve', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1']),
      /curve/,
    ],
    ['SHA-1', () => request('old', RSA, ['-sha1']), /SHA-256 or better/],
    ['a signature of another key', () => spoiled(request('stolen', EC)), /signature|damaged/],
    ['a request that is cut', () => cutShort(request('cut', EC)), /damaged/],
  ])('is refused in words: %s', (_what, make, words) => {
    expect(() => readSigningRequest(make())).toThrow(words);
  });

  const pem = (der: Buffer): string =>
    `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
  const derOf = (text: string): Buffer => Buffer.from(text.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const cutShort = (text: string): string => pem(derOf(text).subarray(0, -20));
  function spoiled(text: string): string {
    const der = derOf(text);
    // The last byte is of the signature's second number.
    der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
    return pem(der);
  }
});

describe('a revocation list', () => {
  const make = async (commonName: string): Promise<string> =>
    (await issue(authority, { purpose: 'client', commonName, names: [], days: 9 }, NOW)).cert;

  test('is one that OpenSSL reads, and turns its certificates down and no others', async () => {
    const [stolen, kept] = [await make('stolen'), await make('kept')];
    const { crl, caCert } = pkiFiles(authority.dir);
    expect(openssl('crl', '-in', crl, '-CAfile', caCert, '-noout', '-text')).toContain(
      'No Revoked Certificates',
    );
    writeRevocations(authority, [{ serial: serialOf(stolen), at: NOW, reason: 'keyCompromise' }], NOW);
    const text = openssl('crl', '-in', crl, '-CAfile', caCert, '-noout', '-text');
    expect(text).toContain(`Serial Number: ${serialOf(stolen)}`);
    expect(text).toContain('Key Compromise');
    const verify = (pem: string) =>
      spawnSync(
        'openssl',
        ['verify', '-crl_check', '-CRLfile', crl, '-CAfile', caCert, file('one.crt', pem)],
        { encoding: 'utf8' },
      );
    expect(verify(stolen).stderr).toContain('certificate revoked');
    expect(verify(kept).stdout).toContain('OK');
  });

  test('is good for thirty days, and not beyond its authority', () => {
    const nextUpdate = (now: number): number => {
      writeRevocations(authority, [], now);
      const text = openssl('crl', '-in', pkiFiles(authority.dir).crl, '-noout', '-nextupdate');
      return Date.parse(text.replace('nextUpdate=', ''));
    };
    expect(Math.round((nextUpdate(NOW) - NOW) / DAY_MS)).toBe(30);
    const end = Date.parse(new X509Certificate(authority.credentials.cert).validTo);
    expect(nextUpdate(end - DAY_MS)).toBe(end);
  });

  test('tells times beyond 2050', async () => {
    const late: Revoked = {
      serial: serialOf(await make('late')),
      at: Date.parse('2051-01-02T03:04:05Z'),
      reason: 'unspecified',
    };
    writeRevocations(authority, [late], NOW);
    expect(openssl('crl', '-in', pkiFiles(authority.dir).crl, '-noout', '-text')).toContain(
      'Jan  2 03:04:05 2051 GMT',
    );
  });
});
