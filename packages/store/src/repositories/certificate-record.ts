import { REVOCATION_REASON_NAMES, type StoredCertificate } from '@gatehouse/ports';
import type { Certificate as CertificateRecord } from '../generated/sqlite/client.ts';
import { nullableNum, nullableText, num, type Row, text } from '../sql.ts';

// Rows are written by this package alone: what they hold is of these kinds.
type Written = Pick<StoredCertificate, 'purpose' | 'keyOrigin'>;

const purposeOf = (written: string): Written['purpose'] => (written === 'server' ? 'server' : 'client');
const originOf = (written: string): Written['keyOrigin'] =>
  written === 'requester' ? 'requester' : 'server';
const reasonOf = (written: string | null): StoredCertificate['revocationReason'] =>
  REVOCATION_REASON_NAMES.find((one) => one === written) ?? null;
const namesOf = (written: string): readonly string[] => JSON.parse(written) as readonly string[];

/** A certificate from Prisma's record. */
export const certificateFromRecord = (record: CertificateRecord): StoredCertificate => ({
  serial: record.serial,
  version: record.version,
  authority: record.authority,
  fingerprint: record.fingerprint,
  commonName: record.commonName,
  names: namesOf(record.names),
  purpose: purposeOf(record.purpose),
  notBefore: Number(record.notBefore),
  notAfter: Number(record.notAfter),
  keyOrigin: originOf(record.keyOrigin),
  createdAt: Number(record.createdAt),
  createdBy: record.createdBy,
  replaces: record.replaces,
  replacedBy: record.replacedBy,
  revokedAt: record.revokedAt === null ? null : Number(record.revokedAt),
  revocationReason: reasonOf(record.revocationReason),
  revokedBy: record.revokedBy,
  pem: record.pem,
});

/** The same from a row of hand-written SQL. */
export const certificateFromRow = (row: Row): StoredCertificate => ({
  serial: text(row, 'serial'),
  version: num(row, 'version'),
  authority: text(row, 'authority'),
  fingerprint: text(row, 'fingerprint'),
  commonName: text(row, 'common_name'),
  names: namesOf(text(row, 'names')),
  purpose: purposeOf(text(row, 'purpose')),
  notBefore: num(row, 'not_before'),
  notAfter: num(row, 'not_after'),
  keyOrigin: originOf(text(row, 'key_origin')),
  createdAt: num(row, 'created_at'),
  createdBy: text(row, 'created_by'),
  replaces: nullableText(row, 'replaces'),
  replacedBy: nullableText(row, 'replaced_by'),
  revokedAt: nullableNum(row, 'revoked_at'),
  revocationReason: reasonOf(nullableText(row, 'revocation_reason')),
  revokedBy: nullableText(row, 'revoked_by'),
  pem: text(row, 'pem'),
});
