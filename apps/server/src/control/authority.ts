import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Secret } from '@gatehouse/auth-core';
import {
  type Authority,
  COMMON_NAME_CHARACTERS_MAX,
  InvalidRequestError,
  issue,
  issuedCertificates,
  issueFor,
  kindOfName,
  pkiFiles,
  publicKeyOf,
  readSigningRequest,
  type SigningRequest,
  toPkcs12,
  writeRevocations,
  writeWhole,
} from '@gatehouse/pki';
import type {
  CertificateAuthority,
  CertificateOrder,
  CertificateSummary,
  Clock,
  IssuedCertificate,
  KeyChoice,
  Rejected,
} from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import type { DataDir } from '../runtime/data-dir.ts';
import { openOwnAuthority } from '../runtime/own-authority.ts';
import { certificatesIn, countCertificates, listFactsOf, summaryOf } from './certificate-summary.ts';
import { listenerCertificates } from './listener-certificates.ts';

/** CAs of the file of those that are trusted besides. */
const TRUSTED_MAX = 64;

export interface AuthorityOptions {
  readonly config: Config;
  readonly dir: DataDir;
  readonly clock: Pick<Clock, 'now'>;
}

/** The private CA in the data directory, as the API works with it; what it writes, the listeners read again. */
export function createAuthority({ config, dir, clock }: AuthorityOptions): CertificateAuthority {
  const files = pkiFiles(dir.pki);
  const caPem = (): string | undefined =>
    existsSync(files.caCert) ? readFileSync(files.caCert, 'utf8') : undefined;
  const trusted = () => {
    const pem = existsSync(files.trusted) ? readFileSync(files.trusted, 'utf8') : '';
    return certificatesIn(pem, TRUSTED_MAX).map(withPem);
  };
  return {
    current: () => Promise.resolve(currentOf(dir, clock.now())),
    fingerprint: () => {
      const pem = caPem();
      return Promise.resolve(pem === undefined ? null : fingerprintOf(pem));
    },
    issue: async (order, key) => {
      const wrong = problemOf(order);
      if (wrong !== undefined) return { rejected: wrong };
      const publicKey = publicKeyFor(key);
      if (typeof publicKey === 'object') return publicKey;
      return issueFrom(await openOwnAuthority(dir), order, publicKey, clock.now());
    },
    readRequest,
    pkcs12: (certificate, key, password) => {
      const leaf = { cert: certificate, key: new Secret(key) };
      return Promise.resolve(toPkcs12(leaf, caPem() ?? '', new Secret(password)).toString('base64'));
    },
    unregistered: async () => {
      const pem = caPem();
      if (pem === undefined) return [];
      const authority = fingerprintOf(pem);
      return issuedCertificates(await openOwnAuthority(dir)).map((cert) =>
        registered(cert, authority, 'server'),
      );
    },
    writeRevocations: async (revoked) => {
      writeRevocations(await openOwnAuthority(dir), revoked, clock.now());
    },
    listeners: () => Promise.resolve(listenerCertificates(config, dir, clock.now())),
    trusted: () => Promise.resolve(trusted()),
    readAuthority: (pem) => readAuthority(pem, clock.now()),
    writeTrusted: async (certificates) => {
      await openOwnAuthority(dir);
      writeWhole(files.trusted, certificates.join(''), 0o644);
    },
  };
}

const fingerprintOf = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();

const withPem = (certificate: X509Certificate): CertificateSummary & { readonly pem: string } => ({
  ...summaryOf(certificate),
  pem: certificate.toString(),
});

function currentOf(dir: DataDir, now: number): Awaited<ReturnType<CertificateAuthority['current']>> {
  const { caCert, crl } = pkiFiles(dir.pki);
  if (!existsSync(caCert)) return null;
  const certificate = new X509Certificate(readFileSync(caCert));
  return {
    // Written anew: whatever else the file may hold stays here.
    certificate: certificate.toString(),
    summary: summaryOf(certificate),
    crl: existsSync(crl) ? readFileSync(crl, 'utf8') : '',
    list: listFactsOf(crl, now),
  };
}

/** What is wrong with what is to stand in a certificate, in words. */
function problemOf({ commonName, names }: CertificateOrder): string | undefined {
  if (
    /\p{Cc}/u.test(commonName) ||
    commonName.trim() === '' ||
    commonName.length > COMMON_NAME_CHARACTERS_MAX
  )
    return `its common name needs 1 to ${COMMON_NAME_CHARACTERS_MAX} printable characters`;
  const bad = names.find((name) => kindOfName(name) === undefined);
  return bad === undefined
    ? undefined
    : `${JSON.stringify(bad)} is no host name, address, URI or e-mail address`;
}

function request(pem: string): SigningRequest | Rejected {
  try {
    return readSigningRequest(pem);
  } catch (error) {
    if (error instanceof InvalidRequestError) return { rejected: error.message };
    throw error;
  }
}

function readRequest(pem: string): ReturnType<CertificateAuthority['readRequest']> {
  const read = request(pem);
  return 'rejected' in read ? read : { commonName: read.commonName, names: read.names };
}

/** The key that a certificate is for, SPKI PEM; undefined: one that is made here. */
function publicKeyFor(key: KeyChoice): string | undefined | Rejected {
  switch (key.from) {
    case 'server':
      return undefined;
    case 'certificate':
      return publicKeyOf(key.certificate);
    case 'request': {
      const read = request(key.request);
      return 'rejected' in read ? read : read.publicKey;
    }
  }
}

async function issueFrom(
  authority: Authority,
  order: CertificateOrder,
  publicKey: string | undefined,
  now: number,
): Promise<IssuedCertificate> {
  const ca = fingerprintOf(authority.credentials.cert);
  if (publicKey !== undefined) {
    const cert = issueFor(authority, order, publicKey, now);
    return { certificate: { ...registered(cert, ca, 'requester'), names: order.names }, key: undefined };
  }
  const { cert, key } = await issue(authority, order, now);
  return { certificate: { ...registered(cert, ca, 'server'), names: order.names }, key: key.reveal() };
}

/** A certificate as the register has it. */
function registered(
  pem: string,
  authority: string,
  keyOrigin: 'server' | 'requester',
): IssuedCertificate['certificate'] {
  const parsed = new X509Certificate(pem);
  const { subject, notBefore, notAfter, fingerprint, serial, names } = summaryOf(parsed);
  const purposes = (parsed.keyUsage as readonly string[] | undefined) ?? [];
  return {
    serial,
    authority,
    fingerprint,
    commonName: /(?:^|,)CN=((?:\\.|[^,\\])*)/.exec(subject)?.[1] ?? subject,
    names,
    purpose: purposes.includes(SERVER_AUTH) ? 'server' : 'client',
    notBefore: Date.parse(notBefore),
    notAfter: Date.parse(notAfter),
    keyOrigin,
    pem,
  };
}

/** Extended key usage of a TLS server (RFC 5280 §4.2.1.12). */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** One root CA that is valid now. */
function readAuthority(pem: string, now: number): ReturnType<CertificateAuthority['readAuthority']> {
  if (countCertificates(pem) !== 1) return { rejected: 'give one certificate, PEM' };
  try {
    const [certificate] = certificatesIn(pem, 1);
    if (certificate === undefined) return { rejected: 'give one certificate, PEM' };
    if (!certificate.ca) return { rejected: 'it is no CA: its basic constraints do not say so' };
    if (!certificate.checkIssued(certificate) || !certificate.verify(certificate.publicKey))
      return { rejected: 'it is an intermediate CA: give the root that it leads to' };
    if (Date.parse(certificate.validTo) <= now) return { rejected: 'it has expired' };
    return withPem(certificate);
  } catch {
    return { rejected: 'it is damaged' };
  }
}
