import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@gatehouse/auth-core';
import { issue, openAuthority } from '@gatehouse/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCertificate } from '../../src/runtime/certificate-files.ts';

const home = mkdtempSync(join(tmpdir(), 'gatehouse-key-'));
const certFile = join(home, 'server.crt');
const keyFile = join(home, 'server.key');
const PASSWORD = 'opens-the-key';
let plain: string;

beforeAll(async () => {
  const authority = await openAuthority(join(home, 'pki'), Date.now());
  const made = await issue(
    authority,
    { purpose: 'server', commonName: 'localhost', names: ['localhost'], days: 9 },
    Date.now(),
  );
  plain = made.key.reveal();
  writeFileSync(certFile, made.cert);
  return () => {
    rmSync(home, { recursive: true, force: true });
  };
});

const encrypted = { cipher: 'aes-256-cbc', passphrase: PASSWORD } as const;
const readWith = (password: string) =>
  readCertificate({ listener: 'tls', certFile, keyFile, keyPassword: new Secret(password) });

describe('a private key that is encrypted', () => {
  test.each([
    ['PKCS #8', { type: 'pkcs8', format: 'pem', ...encrypted }],
    ['OpenSSL’s older form', { type: 'pkcs1', format: 'pem', ...encrypted }],
  ] as const)('in %s is opened with its password', (_form, form) => {
    writeFileSync(keyFile, createPrivateKey(plain).export(form));
    expect(createPrivateKey(readWith(PASSWORD).key.reveal()).equals(createPrivateKey(plain))).toBe(true);
  });

  test.each([
    ['without a password', '', 'listeners.tls.key_password is not set'],
    ['with another one', 'no-such-password', 'cannot be opened with listeners.tls.key_password'],
  ])('is told by the setting %s, and neither is shown', (_what, password, message) => {
    writeFileSync(keyFile, createPrivateKey(plain).export({ type: 'pkcs8', format: 'pem', ...encrypted }));
    const read = (): unknown => readWith(password);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/no-such-password|BEGIN/);
  });

  test('a password for a key that is none the less in the clear does no harm', () => {
    writeFileSync(keyFile, plain);
    expect(readWith(PASSWORD).key.reveal()).toBe(plain);
  });
});
