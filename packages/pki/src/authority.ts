import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type CertificateRequest,
  COMMON_NAME_CHARACTERS_MAX,
  type Credentials,
  selfSign,
  serialOf,
  signLeaf,
} from './certificate.ts';
import { makeCrl, type RevocationReason, type Revoked } from './crl.ts';
import { makeDir, pkiFiles, readAllOf, readCredentials, writeCredentials, writeWhole } from './files.ts';
import { makeKeyPair } from './keys.ts';
import { covers, machineNames } from './names.ts';

/** Days of the certificate that the server makes for itself: the longest that all clients accept. */
export const SERVER_DAYS = 825;
/** A self-made server certificate is replaced at the first start within so many milliseconds of its end. */
const RENEWED_BEFORE_MS = 30 * 86_400_000;

/** A private certificate authority in a directory (see `pkiFiles`). */
export interface Authority {
  readonly dir: string;
  readonly credentials: Credentials;
  /** It did not exist before. */
  readonly isNew: boolean;
}

/** An authority whose files do not belong together, in words. */
export class DamagedAuthorityError extends Error {}

/**
 * The authority in this directory, made there when there is none, with an empty revocation list.
 *
 * @throws DamagedAuthorityError when certificate and key do not fit.
 */
export async function openAuthority(dir: string, now: number): Promise<Authority> {
  const files = pkiFiles(dir);
  const found = readCredentials(files.caCert, files.caKey);
  if (found !== undefined) {
    assertFits(found, files.caCert, files.caKey);
    return { dir, credentials: found, isNew: false };
  }
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new DamagedAuthorityError(
      `${dir} holds no authority, but it is not empty: ${files.caCert} or ${files.caKey} is missing`,
    );
  }
  const made = await makeAuthority(now);
  const isNew = settle(dir, made, now);
  // Somebody else may have been faster: there is one authority, and its files belong together.
  return isNew ? { dir, credentials: made, isNew } : openAuthority(dir, now);
}

async function makeAuthority(now: number): Promise<Credentials> {
  const { publicKey, privateKey } = await makeKeyPair();
  const commonName = `Gatehouse CA ${hostname()}`.slice(0, COMMON_NAME_CHARACTERS_MAX);
  return { cert: selfSign(commonName, publicKey, privateKey, now), key: privateKey };
}

/** Puts the files of a new authority in place all at once; false when there is one already. */
function settle(dir: string, made: Credentials, now: number): boolean {
  makeDir(dirname(dir));
  const draft = mkdtempSync(`${dir}.`);
  try {
    const files = pkiFiles(draft);
    writeCredentials(files.caCert, files.caKey, made);
    writeWhole(files.crl, makeCrl(made, [], now), 0o644);
    renameSync(draft, dir);
    return true;
  } catch (error) {
    if (!existsSync(dir)) throw error;
    return false;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Issues a certificate with a new key; a copy of the certificate, not of the key, stays with the authority. */
export async function issue(
  authority: Authority,
  request: CertificateRequest,
  now: number,
): Promise<Credentials> {
  const { publicKey, privateKey } = await makeKeyPair();
  const cert = signLeaf(authority.credentials, request, publicKey, now);
  const { issuedDir } = pkiFiles(authority.dir);
  makeDir(issuedDir);
  writeWhole(join(issuedDir, `${serialOf(cert)}.crt`), cert, 0o644);
  return { cert, key: privateKey };
}

/** The server's own certificate, and whether it was made just now. */
export interface ServerCertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly isNew: boolean;
}

/**
 * The certificate that the server made for itself: made when there is none, and anew when it ends soon, another authority
 * issued it, or this machine has a name or address that it does not list.
 */
export async function ensureServerCertificate(
  authority: Authority,
  now: number,
  names: readonly string[] = machineNames(),
): Promise<ServerCertificateFiles> {
  const { serverCert: certFile, serverKey: keyFile } = pkiFiles(authority.dir);
  const found = readCredentials(certFile, keyFile);
  if (found !== undefined && isServing(found, authority, names, now))
    return { certFile, keyFile, isNew: false };
  const commonName = hostname().slice(0, COMMON_NAME_CHARACTERS_MAX);
  const made = await issue(authority, { purpose: 'server', commonName, names, days: SERVER_DAYS }, now);
  writeCredentials(certFile, keyFile, made);
  return { certFile, keyFile, isNew: true };
}

function isServing(
  { cert, key }: Credentials,
  authority: Authority,
  names: readonly string[],
  now: number,
): boolean {
  const parsed = new X509Certificate(cert);
  return (
    parsed.checkPrivateKey(createPrivateKey(key.reveal())) &&
    parsed.verify(new X509Certificate(authority.credentials.cert).publicKey) &&
    Date.parse(parsed.validTo) - now > RENEWED_BEFORE_MS &&
    covers(cert, names)
  );
}

/** What became of a request to revoke. */
export type Revocation =
  | { readonly outcome: 'revoked'; readonly crlFile: string; readonly revoked: readonly Revoked[] }
  | { readonly outcome: 'unknown' | 'already-revoked' };

/** Revokes a certificate of this authority by its serial number (hex) and writes the list anew. */
export function revoke(
  authority: Authority,
  serial: string,
  reason: RevocationReason,
  now: number,
): Revocation {
  const { issuedDir, revokedDir, crl: crlFile } = pkiFiles(authority.dir);
  const name = serial.toUpperCase();
  if (!/^[0-9A-F]+$/.test(name) || !existsSync(join(issuedDir, `${name}.crt`))) return { outcome: 'unknown' };
  const file = join(revokedDir, `${name}.json`);
  if (existsSync(file)) return { outcome: 'already-revoked' };
  makeDir(revokedDir);
  const entry: Revoked = { serial: name, at: now, reason };
  writeWhole(file, `${JSON.stringify(entry)}\n`, 0o600);
  const revoked = readAllOf(revokedDir, '.json').map((text) => JSON.parse(text) as Revoked);
  writeWhole(crlFile, makeCrl(authority.credentials, revoked, now), 0o644);
  return { outcome: 'revoked', crlFile, revoked };
}

function assertFits({ cert, key }: Credentials, certFile: string, keyFile: string): void {
  let fits = false;
  try {
    fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key.reveal()));
  } catch {
    // Neither readable nor a pair: the same thing to whoever has to mend it.
  }
  if (!fits)
    throw new DamagedAuthorityError(`${keyFile} is not the key of ${certFile}, or one of them is damaged`);
}
