import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@gatehouse/auth-core';
import type { ServerCertificate } from '../../src/index.ts';

/** A self-signed certificate for `localhost` and 127.0.0.1, made by OpenSSL; clients trust its own PEM. */
export function makeCertificate(key: 'rsa:2048' | 'ec' = 'ec', commonName = 'localhost'): ServerCertificate {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-certificate-'));
  try {
    const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    const algorithm =
      key === 'ec' ? ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['-newkey', key];
    const names = ['-subj', `/CN=${commonName}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-nodes', '-days', '2', ...algorithm, ...names, '-keyout', keyFile, '-out', certFile],
      { stdio: 'ignore' },
    );
    return { key: new Secret(readFileSync(keyFile, 'utf8')), cert: readFileSync(certFile, 'utf8') };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
