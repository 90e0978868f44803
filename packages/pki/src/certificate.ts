import { createPrivateKey, createPublicKey, hash, randomBytes, sign, X509Certificate } from 'node:crypto';
import type { Secret } from '@gatehouse/auth-core';
import forge from 'node-forge';
import { type Asn1, parseDer, partsOf, writeDer } from './der.ts';
import { generalName } from './names.ts';

const { asn1 } = forge;

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
  /** Subject alternative names: host names, addresses, URIs, e-mail addresses (see `kindOfName`). */
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
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
/** Which field of TBSCertificate the public key is, where the version is written (RFC 5280 §4.1). */
const PUBLIC_KEY_FIELD = 6;

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
  return selfSigned(cert, privateKey);
}

/**
 * A leaf of an authority, for a key of any kind that Node reads (`publicKey`: SPKI, PEM). `now` in milliseconds since the
 * epoch. Forge knows RSA keys only: the authority's own stands in until the certificate is put together.
 */
export function signLeaf(
  authority: Credentials,
  request: CertificateRequest,
  publicKey: string,
  now: number,
): string {
  const issuer = forge.pki.certificateFromPem(authority.cert);
  const cert = blank(forge.pki.publicKeyToPem(issuer.publicKey), request.days, now);
  const spki = parseDer(createPublicKey(publicKey).export({ type: 'spki', format: 'der' }));
  cert.setSubject(nameOf(request.commonName));
  cert.setIssuer(issuer.subject.attributes);
  cert.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: isRsa(publicKey) },
    {
      name: 'extKeyUsage',
      serverAuth: request.purpose === 'server',
      clientAuth: request.purpose === 'client',
    },
    ...(request.names.length === 0
      ? []
      : [{ name: 'subjectAltName', altNames: request.names.map(generalName) }]),
    { id: SUBJECT_KEY_IDENTIFIER, value: keyIdentifier(spki) },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  cert.siginfo.algorithmOid = SHA256_WITH_RSA;
  cert.signatureOid = SHA256_WITH_RSA;
  const [unsigned] = partsOf(forge.pki.certificateToAsn1(cert));
  partsOf(unsigned).splice(PUBLIC_KEY_FIELD, 1, spki);
  return pemOf(unsigned, authority.key);
}

const isRsa = (publicKey: string): boolean => createPublicKey(publicKey).asymmetricKeyType === 'rsa';

/** An OCTET STRING with the SHA-1 of the key's bits, as RFC 5280 §4.2.1.2 (1) has it; a name, not a safeguard. */
function keyIdentifier(spki: Asn1): string {
  const [, bits] = partsOf(spki);
  const text = typeof bits?.value === 'string' ? bits.value.slice(1) : '';
  const digest = hash('sha1', Buffer.from(text, 'latin1'), 'buffer').toString('latin1');
  return asn1.toDer(asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, digest)).getBytes();
}

/** Signs what is to be signed with an RSA key, and writes the whole as PEM. */
function pemOf(toBeSigned: Asn1 | undefined, key: Secret<string>): string {
  if (toBeSigned === undefined) throw new Error('forge gave a certificate without content');
  const der = writeDer(toBeSigned);
  const signature = sign('sha256', der, createPrivateKey(key.reveal())).toString('latin1');
  const { Class, Type } = asn1;
  const algorithm = asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [
    asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(SHA256_WITH_RSA).getBytes()),
    asn1.create(Class.UNIVERSAL, Type.NULL, false, ''),
  ]);
  const whole = asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [
    toBeSigned,
    algorithm,
    asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, `\0${signature}`),
  ]);
  return new X509Certificate(writeDer(whole)).toString();
}

/** PKCS#12 with the certificate, its key and its authority; AES-256, and a MAC as old readers know it. */
export function toPkcs12(leaf: Credentials, authority: string, password: Secret<string>): Buffer {
  const key = forge.pki.privateKeyFromPem(leaf.key.reveal());
  const chain = [leaf.cert, authority].map((pem) => forge.pki.certificateFromPem(pem));
  const container = forge.pkcs12.toPkcs12Asn1(key, chain, password.reveal(), { algorithm: 'aes256' });
  return Buffer.from(forge.asn1.toDer(container).getBytes(), 'latin1');
}

/** The public key of a certificate, SPKI PEM. */
export const publicKeyOf = (cert: string): string =>
  new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'pem' }).toString();

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

function selfSigned(cert: forge.pki.Certificate, key: Secret<string>): string {
  cert.sign(forge.pki.privateKeyFromPem(key.reveal()), forge.md.sha256.create());
  return forge.pki.certificateToPem(cert).replaceAll('\r\n', '\n');
}
