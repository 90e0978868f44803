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
import { makeCrl, type Revoked } from './crl.ts';
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

/** Issues a certificate with a new RSA key; neither is kept here. */
export async function issue(
  authority: Authority,
  request: CertificateRequest,
  now: number,
): Promise<Credentials> {
  const { publicKey, privateKey } = await makeKeyPair();
  return { cert: signLeaf(authority.credentials, request, publicKey, now), key: privateKey };
}

/** Issues a certificate for a key that somebody else holds (`publicKey`: SPKI, PEM). */
export const issueFor = (
  { credentials }: Authority,
  request: CertificateRequest,
  publicKey: string,
  now: number,
): string => signLeaf(credentials, request, publicKey, now);

/** Leaves a copy of a certificate for whoever keeps the register of them: `issuedCertificates` finds it. */
function keepCopy({ dir }: Authority, cert: string): void {
  const { issuedDir } = pkiFiles(dir);
  makeDir(issuedDir);
  writeWhole(join(issuedDir, `${serialOf(cert)}.crt`), cert, 0o644);
}

/** Copies of certificates, PEM, that this authority issued while nobody kept a register. */
export const issuedCertificates = ({ dir }: Authority): readonly string[] =>
  readAllOf(pkiFiles(dir).issuedDir, '.crt');

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
  keepCopy(authority, made.cert);
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

/** Writes the revocation list anew, with these certificates in it. `now` in milliseconds since the epoch. */
export function writeRevocations(authority: Authority, revoked: readonly Revoked[], now: number): void {
  writeWhole(pkiFiles(authority.dir).crl, makeCrl(authority.credentials, revoked, now), 0o644);
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
