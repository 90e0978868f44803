import type {
  CertificateSummaryDto,
  IssuedCertificateDto,
  ListenerCertificatesDto,
} from '@gatehouse/contract';
import {
  type CertificateSummary,
  EXPIRING_MS,
  type ListenerCertificates,
  type RevocationListFacts,
  type StoredCertificate,
} from '@gatehouse/ports';
import { iso, isoOrNull } from './time.ts';

/** What a certificate of the register is seen against: the time, the CA of today, and what the listeners serve. */
export interface CertificateView {
  readonly now: number;
  /** SHA-256 of the CA's certificate; null: there is none. */
  readonly authority: string | null;
  /** Fingerprints of the listeners' certificates, by listener. */
  readonly served: Readonly<Record<string, string>>;
}

const stateOf = ({ revokedAt, notAfter }: StoredCertificate, now: number): IssuedCertificateDto['state'] => {
  if (revokedAt !== null) return 'revoked';
  if (notAfter <= now) return 'expired';
  return notAfter <= now + EXPIRING_MS ? 'expiring' : 'valid';
};

export const presentCertificate = (
  certificate: StoredCertificate,
  { now, authority, served }: CertificateView,
): IssuedCertificateDto => ({
  id: certificate.serial,
  version: certificate.version,
  commonName: certificate.commonName,
  names: [...certificate.names],
  purpose: certificate.purpose,
  state: stateOf(certificate, now),
  fingerprint: certificate.fingerprint,
  notBefore: iso(certificate.notBefore),
  notAfter: iso(certificate.notAfter),
  keyOrigin: certificate.keyOrigin,
  createdAt: iso(certificate.createdAt),
  createdBy: certificate.createdBy,
  replaces: certificate.replaces,
  replacedBy: certificate.replacedBy,
  revokedAt: isoOrNull(certificate.revokedAt),
  revocationReason: certificate.revocationReason,
  revokedBy: certificate.revokedBy,
  ofCurrentCa: certificate.authority === authority,
  servedBy: Object.keys(served).filter((listener) => served[listener] === certificate.fingerprint),
});

/** What the audit keeps of a certificate. */
export const auditCertificate = (certificate: StoredCertificate) => ({
  commonName: certificate.commonName,
  names: certificate.names,
  purpose: certificate.purpose,
  fingerprint: certificate.fingerprint,
  notAfter: iso(certificate.notAfter),
  keyOrigin: certificate.keyOrigin,
  replaces: certificate.replaces,
  revokedAt: isoOrNull(certificate.revokedAt),
  revocationReason: certificate.revocationReason,
});

export const certificateAuditTarget = ({
  serial,
  commonName,
}: Pick<StoredCertificate, 'serial' | 'commonName'>) => ({
  kind: 'certificate',
  id: serial,
  name: commonName,
});

export const presentSummary = ({
  subject,
  issuer,
  fingerprint,
  serial,
  notBefore,
  notAfter,
  names,
}: CertificateSummary): CertificateSummaryDto => ({
  subject,
  issuer,
  fingerprint,
  serial,
  notBefore,
  notAfter,
  names: [...names],
});

export const presentList = ({ file, entries, nextUpdate, expired }: RevocationListFacts) => ({
  file,
  entries,
  nextUpdate,
  expired,
});

export const presentListener = (
  { certificate, clients, ...rest }: ListenerCertificates,
  matchesCertificates: boolean,
): ListenerCertificatesDto => ({
  ...rest,
  matchesCertificates,
  certificate:
    certificate === null ? null : { ...presentSummary(certificate), selfMade: certificate.selfMade },
  clients:
    clients === null
      ? null
      : {
          ...clients,
          authorities: clients.authorities.map(presentSummary),
          crl: clients.crl === null ? null : presentList(clients.crl),
        },
});
