import { z } from 'zod';
import { isoTime, pageLimit, pageOf, sortOf } from './common.ts';

export const CERTIFICATE_SORT_FIELDS = ['createdAt', 'commonName', 'notAfter'] as const;
/** Days for which a certificate may be valid. */
export const CERTIFICATE_DAYS_MAX = 3650;
const NAMES_MAX = 64;
const NAME_CHARACTERS_MAX = 253;
const REQUEST_CHARACTERS_MAX = 32_768;
const CA_CHARACTERS_MAX = 65_536;
const PKCS12_PASSWORD_CHARACTERS_MAX = 128;

const purpose = z.enum(['client', 'server']);
const state = z.enum(['valid', 'expiring', 'expired', 'revoked']);
export const revocationReason = z.enum([
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
]);

/** Of a certificate of the private CA: its serial number, upper-case hex. */
export const serialParams = z.object({
  id: z.string().regex(/^[0-9A-F]{1,64}$/, 'a serial number in upper-case hex'),
});

/** A certificate that the private CA issued. Its key is not there: nobody keeps it. */
export const issuedCertificate = z.object({
  /** The serial number, upper-case hex. */
  id: z.string(),
  version: z.number().int(),
  commonName: z.string(),
  /** Subject alternative names: host names, addresses, URIs, e-mail addresses. */
  names: z.array(z.string()),
  purpose,
  /** `expiring`: valid, for 30 days at most. */
  state,
  /** SHA-256, lower-case hex. */
  fingerprint: z.string(),
  notBefore: isoTime,
  notAfter: isoTime,
  /** Where the key was made: by the server, which told it once, or by whoever asked. */
  keyOrigin: z.enum(['server', 'requester']),
  createdAt: isoTime,
  /** Name of who issued it. */
  createdBy: z.string(),
  /** Serial numbers of the certificate that it renews, and of that which renews it. */
  replaces: z.string().nullable(),
  replacedBy: z.string().nullable(),
  revokedAt: isoTime.nullable(),
  revocationReason: revocationReason.nullable(),
  /** Name of who revoked it; null where nobody did, or nobody noted. */
  revokedBy: z.string().nullable(),
  /** Whether the CA of today issued it; one of a CA before can be neither renewed nor revoked. */
  ofCurrentCa: z.boolean(),
  /** The listeners that serve it. */
  servedBy: z.array(z.string()),
});
export type IssuedCertificateDto = z.infer<typeof issuedCertificate>;

/** The same with what is told this once: certificate, key and PKCS#12. */
export const newCertificate = issuedCertificate.extend({
  /** PEM. */
  certificate: z.string(),
  /** The CA's certificate, PEM. */
  ca: z.string(),
  /** PKCS#8, PEM; absent where the key was made elsewhere. Told this once. */
  privateKey: z.string().optional(),
  /** Base64; where it was asked for. Told this once. */
  pkcs12: z.string().optional(),
  /** Of the PKCS#12, where it was generated. Told this once. */
  pkcs12Password: z.string().optional(),
});
export type NewCertificateDto = z.infer<typeof newCertificate>;

const names = z.array(z.string().min(1).max(NAME_CHARACTERS_MAX)).max(NAMES_MAX);
const days = z.coerce.number().int().min(1).max(CERTIFICATE_DAYS_MAX);
const request = z.string().min(1).max(REQUEST_CHARACTERS_MAX);
const packed = {
  pkcs12: z.boolean().default(false),
  pkcs12Password: z.string().min(1).max(PKCS12_PASSWORD_CHARACTERS_MAX).optional(),
};

/** What is to be issued: for a new key, or for that of a request (PKCS#10, PEM), whose names are taken unless given. */
export const issueCertificate = z
  .object({
    commonName: z.string().min(1).max(64).optional(),
    purpose: purpose.default('client'),
    names: names.optional(),
    /** Default: 365 for a client, 825 for a server. */
    days: days.optional(),
    request: request.optional(),
    ...packed,
  })
  .strict();
export type IssueCertificate = z.input<typeof issueCertificate>;

/** Common name, names and purpose stay; the key is a new one, the same, or that of a request. */
export const renewCertificate = z
  .object({
    days: days.optional(),
    /** `same`: for a device that keeps its key; only where the key was made elsewhere or is still held. */
    key: z.enum(['new', 'same', 'request']).default('new'),
    request: request.optional(),
    /** Revokes the old one at once, as superseded. */
    revokeReplaced: z.boolean().default(false),
    ...packed,
  })
  .strict();
export type RenewCertificate = z.input<typeof renewCertificate>;

export const revokeCertificate = z.object({ reason: revocationReason.default('unspecified') }).strict();

export const certificatesListQuery = z
  .object({
    search: z.string().min(1).max(256).optional(),
    state: state.optional(),
    purpose: purpose.optional(),
    limit: pageLimit,
    cursor: z.string().max(4096).optional(),
    sort: sortOf(CERTIFICATE_SORT_FIELDS, '-createdAt'),
  })
  .strict();
export const certificatesPage = pageOf(issuedCertificate);

/** What a certificate says. */
export const certificateSummary = z.object({
  subject: z.string(),
  issuer: z.string(),
  fingerprint: z.string(),
  serial: z.string(),
  notBefore: isoTime,
  notAfter: isoTime,
  names: z.array(z.string()),
});
export type CertificateSummaryDto = z.infer<typeof certificateSummary>;

const revocationList = z.object({
  file: z.string(),
  entries: z.number().int(),
  nextUpdate: isoTime.nullable(),
  /** Past its date: clients whose CA it is of are refused with `TLS_CRL_UNAVAILABLE`. */
  expired: z.boolean(),
});

/** A TLS listener's certificates, as their files are now. */
export const listenerCertificates = z.object({
  listener: z.string(),
  /** Null: it cannot be read; `problem` says why, and the one before is still served. */
  certificate: certificateSummary.extend({ selfMade: z.boolean() }).nullable(),
  certFile: z.string(),
  problem: z.string().nullable(),
  /** Whether it takes pre-shared keys (`psk_ciphers`). */
  takesPreSharedKeys: z.boolean(),
  /** Null: it asks for no certificates (`verify: verify_none`). */
  clients: z
    .object({
      required: z.boolean(),
      reject: z.enum(['connack', 'handshake', 'chain']),
      caFile: z.string(),
      /** CAs may be added through `POST /certificates/trusted`; else the file is yours. */
      managed: z.boolean(),
      /** Whether certificates of the private CA are accepted. */
      trustsOwnCa: z.boolean(),
      /** The first sixteen. */
      authorities: z.array(certificateSummary),
      authoritiesCount: z.number().int(),
      crl: revocationList.nullable(),
      problem: z.string().nullable(),
    })
    .nullable(),
  /** Whether its chain tells clients apart by certificate (`x509`). */
  matchesCertificates: z.boolean(),
});
export type ListenerCertificatesDto = z.infer<typeof listenerCertificates>;

/** The private CA and where it counts. */
export const certificateAuthority = z.object({
  /** Null: there is none yet; the first certificate makes it. */
  ca: certificateSummary.nullable(),
  crl: revocationList.nullable(),
  listeners: z.array(listenerCertificates),
  /** CAs whose clients are trusted too, where listeners go by the private CA. */
  trusted: z.array(certificateSummary),
});
export type CertificateAuthorityDto = z.infer<typeof certificateAuthority>;

export const trustCa = z.object({ certificate: z.string().min(1).max(CA_CHARACTERS_MAX) }).strict();
export const fingerprintParams = z.object({
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex'),
});
