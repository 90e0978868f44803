import { hash, type X509Certificate } from 'node:crypto';
import type { AlternativeNames, ChainCertificate } from '@gatehouse/auth-core';
import type { CertificatePart } from '../config.ts';

/** Names of one kind that are kept of a certificate. */
const NAMES_MAX = 64;
/** Characters of a name. */
const NAME_CHARACTERS_MAX = 2_048;

/** What a certificate says, as plain facts. */
export function certificateFacts(certificate: X509Certificate): ChainCertificate {
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    commonName: commonNameOf(certificate),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    serialNumber: certificate.serialNumber,
    notBefore: isoDate(certificate.validFrom),
    notAfter: isoDate(certificate.validTo),
    alternativeNames: alternativeNames(certificate.subjectAltName),
  };
}

/** Node gives one relative name a line, outermost first; RFC 4514 writes them the other way round. */
export const distinguishedName = (lines: string | undefined): string =>
  (lines ?? '').split('\n').toReversed().join(',');

function isoDate(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString();
}

/** The common name; undefined where there is none, an empty one, or several, of which none is the client's more than another. */
function commonNameOf(certificate: X509Certificate): string | undefined {
  const { CN: name } = certificate.toLegacyObject().subject as { readonly CN?: string | readonly string[] };
  return typeof name === 'string' && name !== '' && !name.includes('\0') ? name : undefined;
}

/** `DNS:a, URI:"b,c"`: Node quotes, as JSON, what could be mistaken for several. */
const NAME = /(DNS|URI|email|[A-Za-z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gy;

export function alternativeNames(text: string | undefined): AlternativeNames {
  const found: Record<keyof AlternativeNames, string[]> = { dns: [], uri: [], email: [] };
  for (const [, kind = '', written = ''] of (text ?? '').matchAll(NAME)) {
    const list =
      kind === 'DNS' ? found.dns : kind === 'URI' ? found.uri : kind === 'email' ? found.email : [];
    const name = unquoted(written);
    if (name !== '' && name.length <= NAME_CHARACTERS_MAX && list.length < NAMES_MAX) list.push(name);
  }
  return found;
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}

/** A part of a certificate as text; undefined where it has none such. */
export function partOf(certificate: X509Certificate, part: CertificatePart): string | undefined {
  switch (part) {
    case 'cn':
      return commonNameOf(certificate);
    case 'dn':
      return distinguishedName(certificate.subject) || undefined;
    case 'crt':
    case 'pem':
      return certificate.raw.toString('base64');
    case 'md5':
      return hash('md5', certificate.raw, 'hex');
  }
}
