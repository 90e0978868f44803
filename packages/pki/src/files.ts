import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@gatehouse/auth-core';
import type { Credentials } from './certificate.ts';

/** Where everything lies in the directory of an authority. */
export interface PkiFiles {
  readonly caCert: string;
  readonly caKey: string;
  /** The certificate that the server made for itself. */
  readonly serverCert: string;
  readonly serverKey: string;
  readonly crl: string;
  /** Copies of the certificates that the server made for itself, by serial number. */
  readonly issuedDir: string;
  /** CAs whose clients are trusted too where listeners go by this authority: certificates, PEM. */
  readonly trusted: string;
}

export const pkiFiles = (dir: string): PkiFiles => ({
  caCert: join(dir, 'ca.crt'),
  caKey: join(dir, 'ca.key'),
  serverCert: join(dir, 'server.crt'),
  serverKey: join(dir, 'server.key'),
  crl: join(dir, 'crl.pem'),
  issuedDir: join(dir, 'issued'),
  trusted: join(dir, 'trusted.pem'),
});

/** Makes a directory for its owner only. */
export function makeDir(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Written whole or not at all: whoever reads meanwhile sees the old file or the new one. */
export function writeWhole(path: string, content: string | Buffer, mode: number): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, content, { mode });
  // The mode of a new file is cut by the process's mask.
  chmodSync(draft, mode);
  renameSync(draft, path);
}

/** A certificate for everybody to read, and its key for the owner only; the key first, so that a pair is never half new. */
export function writeCredentials(certPath: string, keyPath: string, { cert, key }: Credentials): void {
  writeWhole(keyPath, key.reveal(), 0o600);
  writeWhole(certPath, cert, 0o644);
}

/** Undefined when one of the two is missing. */
export function readCredentials(certPath: string, keyPath: string): Credentials | undefined {
  if (!existsSync(certPath) || !existsSync(keyPath)) return undefined;
  return { cert: readFileSync(certPath, 'utf8'), key: new Secret(readFileSync(keyPath, 'utf8')) };
}

/** Contents of the files of a directory that end so; none where there is no directory. */
export function readAllOf(dir: string, suffix: string): readonly string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith(suffix))
    .map((name) => readFileSync(join(dir, name), 'utf8'));
}
