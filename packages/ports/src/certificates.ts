import type { Page, PageRequest } from './common.ts';

export type CertificatePurpose = 'server' | 'client';

/** Why a certificate is revoked: the names of RFC 5280 §5.3.1. */
export const REVOCATION_REASON_NAMES = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
] as const;
export type RevocationReasonName = (typeof REVOCATION_REASON_NAMES)[number];

/** Certificates that the register holds at most: the revocation list of them all is written at every revocation. */
export const CERTIFICATES_MAX = 100_000;

/** A certificate that the private CA issued. Never its key. Times are milliseconds since the epoch. */
export interface StoredCertificate {
  /** Upper-case hex; unique, and its id. */
  readonly serial: string;
  /** Raised by every change. */
  readonly version: number;
  /** SHA-256 of the CA that issued it, lower-case hex. */
  readonly authority: string;
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string;
  readonly commonName: string;
  readonly names: readonly string[];
  readonly purpose: CertificatePurpose;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Where the key was made: by the server, which told it once, or by whoever asked for the certificate. */
  readonly keyOrigin: 'server' | 'requester';
  readonly createdAt: number;
  /** Name of who issued it. */
  readonly createdBy: string;
  /** Serial number of the certificate that this one renews, and of that which renews this one. */
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  readonly revokedAt: number | null;
  readonly revocationReason: RevocationReasonName | null;
  /** Name of who revoked it; null where nobody did, or nobody noted. */
  readonly revokedBy: string | null;
  readonly pem: string;
}

export type CertificateWrite = Omit<
  StoredCertificate,
  'version' | 'replacedBy' | 'revokedAt' | 'revocationReason' | 'revokedBy'
>;

export const CERTIFICATE_STATES = ['valid', 'expiring', 'expired', 'revoked'] as const;
/** `expiring` certificates are valid too. */
export type CertificateState = (typeof CERTIFICATE_STATES)[number];
/** Milliseconds before its end from which on a certificate counts as expiring. */
export const EXPIRING_MS = 30 * 86_400_000;

export const CERTIFICATE_SORTS = ['createdAt', 'commonName', 'notAfter'] as const;
export type CertificateSort = (typeof CERTIFICATE_SORTS)[number];

export interface CertificateFilter {
  /** Contained in common name, names, serial number or fingerprint, whatever the case. */
  readonly search?: string;
  readonly state?: CertificateState;
  readonly purpose?: CertificatePurpose;
}

/** An entry of the revocation list. */
export interface RevokedCertificate {
  readonly serial: string;
  readonly at: number;
  readonly reason: RevocationReasonName;
}

/** A revocation as it is noted in the register. */
export interface CertificateRevocationWrite extends RevokedCertificate {
  /** Name of who revokes. */
  readonly by: string;
}

export type CertificateRevocation =
  | { readonly result: 'ok'; readonly certificate: StoredCertificate }
  | { readonly result: 'not-found' }
  | { readonly result: 'revoked-already'; readonly current: StoredCertificate }
  | { readonly result: 'version-mismatch'; readonly current: StoredCertificate };

/** The register of what the private CA issued. */
export interface CertificateRepository {
  page(filter: CertificateFilter, request: PageRequest<CertificateSort>): Promise<Page<StoredCertificate>>;
  get(serial: string): Promise<StoredCertificate | null>;
  /** Null: there are `CERTIFICATES_MAX` already. What it replaces is marked so. */
  add(write: CertificateWrite): Promise<StoredCertificate | null>;
  /** `ifVersion` guards against a lost update; undefined writes regardless. */
  revoke(entry: CertificateRevocationWrite, ifVersion: number | undefined): Promise<CertificateRevocation>;
  /** What a CA's list has to name; those that have expired need no entry (RFC 5280 §5), and have none a day later. */
  revokedOf(authority: string, now: number): Promise<readonly RevokedCertificate[]>;
}

/** What is to stand in a certificate. */
export interface CertificateOrder {
  readonly purpose: CertificatePurpose;
  readonly commonName: string;
  /** Subject alternative names: host names, addresses, URIs, e-mail addresses. */
  readonly names: readonly string[];
  readonly days: number;
}

/** Whose key a certificate is for: a new one, that of a request (PKCS#10, PEM), or that of another certificate (PEM). */
export type KeyChoice =
  | { readonly from: 'server' }
  | { readonly from: 'request'; readonly request: string }
  | { readonly from: 'certificate'; readonly certificate: string };

/** Something that cannot be done with what was given, in words. */
export interface Rejected {
  readonly rejected: string;
}

/** A certificate as it was issued. */
export interface IssuedCertificate {
  readonly certificate: Omit<CertificateWrite, 'createdAt' | 'createdBy' | 'replaces'>;
  /** PEM; undefined where somebody else has it. Nobody keeps it. */
  readonly key: string | undefined;
}

/** What a certificate says, for people. Times are ISO 8601 UTC. */
export interface CertificateSummary {
  readonly subject: string;
  readonly issuer: string;
  readonly fingerprint: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly names: readonly string[];
}

/** A revocation list as it lies in its file. */
export interface RevocationListFacts {
  readonly file: string;
  readonly entries: number;
  /** ISO 8601 UTC; null: it says nothing of a next one. */
  readonly nextUpdate: string | null;
  readonly expired: boolean;
}

/** A TLS listener's certificate, and by what it verifies its clients, as their files are now. */
export interface ListenerCertificates {
  readonly listener: 'tls' | 'wss';
  /** Null: it cannot be read; `problem` says why. */
  readonly certificate: (CertificateSummary & { readonly selfMade: boolean }) | null;
  readonly certFile: string;
  readonly problem: string | null;
  /** Whether it takes pre-shared keys (`psk_ciphers`). */
  readonly takesPreSharedKeys: boolean;
  /** Null: it asks for no certificates. */
  readonly clients: {
    /** Whether clients without one are refused. */
    readonly required: boolean;
    readonly reject: 'connack' | 'handshake' | 'chain';
    readonly caFile: string;
    /** Whether the file is the server's own, so that CAs may be added in the console. */
    readonly managed: boolean;
    /** Whether what the private CA issues is accepted. */
    readonly trustsOwnCa: boolean;
    /** The first of them. */
    readonly authorities: readonly CertificateSummary[];
    readonly authoritiesCount: number;
    readonly crl: RevocationListFacts | null;
    readonly problem: string | null;
  } | null;
}

/** The private CA: its key never leaves it. */
export interface CertificateAuthority {
  /** Its certificate, PEM, and revocation list, PEM; null: there is none yet, the first certificate makes it. */
  current(): Promise<{
    readonly certificate: string;
    readonly summary: CertificateSummary;
    readonly crl: string;
    readonly list: RevocationListFacts;
  } | null>;
  /** Issues a certificate; the CA is made where there is none. */
  issue(order: CertificateOrder, key: KeyChoice): Promise<IssuedCertificate | Rejected>;
  /** What a request (PKCS#10, PEM) asks for. */
  readRequest(
    pem: string,
  ): { readonly commonName: string | undefined; readonly names: readonly string[] } | Rejected;
  /** PKCS#12 of a certificate with its key and CA, base64. */
  pkcs12(certificate: string, key: string, password: string): Promise<string>;
  /** Certificates that were issued while no register was kept. */
  unregistered(): Promise<readonly IssuedCertificate['certificate'][]>;
  /** SHA-256 of its certificate, lower-case hex; null: there is none. */
  fingerprint(): Promise<string | null>;
  /** Writes the revocation list anew. */
  writeRevocations(revoked: readonly RevokedCertificate[]): Promise<void>;
  listeners(): Promise<readonly ListenerCertificates[]>;
  /** CAs that are trusted beside it where listeners go by it. */
  trusted(): Promise<readonly (CertificateSummary & { readonly pem: string })[]>;
  /** Reads one CA certificate, PEM, that could be trusted. */
  readAuthority(pem: string): (CertificateSummary & { readonly pem: string }) | Rejected;
  /** Trusts exactly these beside itself, all PEM. */
  writeTrusted(certificates: readonly string[]): Promise<void>;
}
