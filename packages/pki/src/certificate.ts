import { randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Secret } from '@gatehouse/auth-core';
import forge from 'node-forge';

/** A certificate with its private key, both PEM. */
export interface Credentials {
  readonly cert: string;
  readonly key: Secret<string>;
}

/** What a certificate is for. */
export type Purpose = 'server' | 'client';

/** What is to stand in a certificate. */
export interface CertificateRequest {
  readonly purpose: Purpose;
  /** Common name, 1–64 characters (X.520's upper bound). */
  readonly commonName: string;
  /** Host names, and IP addresses, that a client may find the server under. */
  readonly names: readonly string[];
  readonly days: number;
}

/** Days for which a certificate is valid at most, that of an authority. */
export const DAYS_MAX = 3_650;
export const COMMON_NAME_CHARACTERS_MAX = 64;

const SERIAL_BYTES = 16;
const DAY_MS = 86_400_000;
/** Clocks of devices may be slow. */
const BACKDATED_MS = 3_600_000;
const ORGANIZATION = 'Gatehouse';
/** GeneralName choices (RFC 5280 §4.2.1.6). */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** A self-signed certificate of an authority that signs leaves only. `now` in milliseconds since the epoch. */
export function selfSign(
  commonName: string,
  publicKey: string,
  privateKey: Secret<string>,
  now: number,
): string {
  const cert = blank(publicKey, DAYS_MAX, now);
  const subject = nameOf(commonName);
  cert.setSubject(subject);
  cert.setIssuer(subject);
  cert.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  return sign(cert, privateKey);
}

/** A leaf of an authority. `now` in milliseconds since the epoch. */
export function signLeaf(
  authority: Credentials,
  request: CertificateRequest,
  publicKey: string,
  now: number,
): string {
  const issuer = forge.pki.certificateFromPem(authority.cert);
  const cert = blank(publicKey, request.days, now);
  cert.setSubject(nameOf(request.commonName));
  cert.setIssuer(issuer.subject.attributes);
  cert.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    {
      name: 'extKeyUsage',
      serverAuth: request.purpose === 'server',
      clientAuth: request.purpose === 'client',
    },
    ...(request.names.length === 0 ? [] : [{ name: 'subjectAltName', altNames: request.names.map(altName) }]),
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  return sign(cert, authority.key);
}

/** PKCS#12 with the certificate, its key and its authority; AES-256, and a MAC as old readers know it. */
export function toPkcs12(leaf: Credentials, authority: string, password: Secret<string>): Buffer {
  const key = forge.pki.privateKeyFromPem(leaf.key.reveal());
  const chain = [leaf.cert, authority].map((pem) => forge.pki.certificateFromPem(pem));
  const container = forge.pkcs12.toPkcs12Asn1(key, chain, password.reveal(), { algorithm: 'aes256' });
  return Buffer.from(forge.asn1.toDer(container).getBytes(), 'latin1');
}

/** The serial number as files and commands name it: upper-case hex, as Node writes it. */
export const serialOf = (cert: string): string => new X509Certificate(cert).serialNumber;

function blank(publicKey: string, days: number, now: number): forge.pki.Certificate {
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(publicKey);
  cert.serialNumber = newSerial();
  cert.validity.notBefore = new Date(now - BACKDATED_MS);
  cert.validity.notAfter = new Date(now + days * DAY_MS);
  return cert;
}

/** Positive and without leading zeros, so that every program writes it the same way (RFC 5280 §4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
}

const nameOf = (commonName: string): forge.pki.CertificateField[] => [
  asUtf8({ name: 'organizationName', value: ORGANIZATION }),
  asUtf8({ name: 'commonName', value: commonName }),
];

/** Forge's types name the class of a value where its code takes the type. */
const asUtf8 = (field: forge.pki.CertificateField): forge.pki.CertificateField =>
  Object.assign(field, { valueTagClass: forge.asn1.Type.UTF8 });

const altName = (name: string): object =>
  isIP(name) === 0 ? { type: DNS_NAME, value: name } : { type: IP_ADDRESS, ip: name };

function sign(cert: forge.pki.Certificate, key: Secret<string>): string {
  cert.sign(forge.pki.privateKeyFromPem(key.reveal()), forge.md.sha256.create());
  return forge.pki.certificateToPem(cert).replaceAll('\r\n', '\n');
}
