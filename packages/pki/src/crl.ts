import { sign } from 'node:crypto';
import forge from 'node-forge';
import type { Credentials } from './certificate.ts';

const { asn1 } = forge;
type Asn1 = forge.asn1.Asn1;

/** Why a certificate is revoked: names and numbers of RFC 5280 §5.3.1. */
export const REVOCATION_REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
} as const;
export type RevocationReason = keyof typeof REVOCATION_REASONS;

/** One entry of a revocation list. */
export interface Revoked {
  /** Upper-case hex. */
  readonly serial: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: RevocationReason;
}

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const CRL_NUMBER = '2.5.29.20';
const REASON_CODE = '2.5.29.21';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const BASE64_LINE = /.{1,64}/g;
/** From here on dates have four digits for their year (RFC 5280 §5.1.2.4). */
const GENERALIZED_FROM_YEAR = 2_050;

/** The first of the tags that a structure gives itself: zero, as the type of this name. */
const TAG_0 = asn1.Type.NONE;

const node = (type: forge.asn1.Type, value: string): Asn1 =>
  asn1.create(asn1.Class.UNIVERSAL, type, false, value);
const sequence = (...parts: Asn1[]): Asn1 =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, parts);
const oid = (text: string): Asn1 => node(asn1.Type.OID, asn1.oidToDer(text).getBytes());
const extension = (id: string, value: Asn1): Asn1 =>
  sequence(oid(id), node(asn1.Type.OCTETSTRING, asn1.toDer(value).getBytes()));
const bytesOfHex = (hex: string): string => forge.util.hexToBytes(hex);

/** An INTEGER of any size; one whose first bit is set would be negative. */
function integer(hex: string): Asn1 {
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return node(asn1.Type.INTEGER, bytesOfHex(/^[89a-f]/i.test(even) ? `00${even}` : even));
}

function time(ms: number): Asn1 {
  const date = new Date(ms);
  return date.getUTCFullYear() < GENERALIZED_FROM_YEAR
    ? node(asn1.Type.UTCTIME, asn1.dateToUtcTime(date))
    : node(asn1.Type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(date));
}

function entry({ serial, at, reason }: Revoked): Asn1 {
  const code = node(asn1.Type.ENUMERATED, String.fromCharCode(REVOCATION_REASONS[reason]));
  const extensions = reason === 'unspecified' ? [] : [sequence(extension(REASON_CODE, code))];
  return sequence(integer(serial), time(at), ...extensions);
}

/** Days for which a list is good: whoever holds a copy asks anew, and the server writes it anew long before. */
export const CRL_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * A revocation list, version 2 (RFC 5280 §5), PEM; forge reads and writes none, so it is put together here. It is good for
 * `CRL_DAYS`, and not beyond its authority. `now` is its number too.
 */
export function makeCrl(authority: Credentials, revoked: readonly Revoked[], now: number): string {
  const issuer = forge.pki.certificateFromPem(authority.cert);
  const algorithm = sequence(oid(SHA256_WITH_RSA), node(asn1.Type.NULL, ''));
  const keyId = asn1.create(
    asn1.Class.CONTEXT_SPECIFIC,
    TAG_0,
    false,
    issuer.generateSubjectKeyIdentifier().getBytes(),
  );
  const extensions = sequence(
    extension(AUTHORITY_KEY_IDENTIFIER, sequence(keyId)),
    extension(CRL_NUMBER, integer(now.toString(16))),
  );
  const list = sequence(
    integer('01'),
    algorithm,
    forge.pki.distinguishedNameToAsn1({ attributes: issuer.subject.attributes }),
    time(now),
    time(Math.min(now + CRL_DAYS * DAY_MS, issuer.validity.notAfter.getTime())),
    ...(revoked.length === 0 ? [] : [sequence(...revoked.map(entry))]),
    asn1.create(asn1.Class.CONTEXT_SPECIFIC, TAG_0, true, [extensions]),
  );
  const der = Buffer.from(asn1.toDer(list).getBytes(), 'latin1');
  const signature = sign('sha256', der, authority.key.reveal()).toString('latin1');
  const whole = sequence(list, algorithm, node(asn1.Type.BITSTRING, `\0${signature}`));
  const base64 = Buffer.from(asn1.toDer(whole).getBytes(), 'latin1').toString('base64');
  return [
    '-----BEGIN X509 CRL-----',
    ...(base64.match(BASE64_LINE) ?? []),
    '-----END X509 CRL-----',
    '',
  ].join('\n');
}
