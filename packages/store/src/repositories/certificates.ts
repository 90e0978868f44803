import {
  CERTIFICATES_MAX,
  type CertificateRepository,
  type CertificateRevocation,
  type CertificateWrite,
  type Clock,
  type CertificateRevocationWrite,
  type RevokedCertificate,
  type StoredCertificate,
} from '@gatehouse/ports';
import type { Database, Session } from '../database.ts';
import { json, storable } from '../sql.ts';
import { certificateFromRecord } from './certificate-record.ts';

/** Milliseconds for which a revoked certificate stays in the list after its end: clocks of verifiers may be slow. */
const LISTED_AFTER_END_MS = 86_400_000;

export function createCertificates({ read, write, query }: Database, clock: Clock): CertificateRepository {
  return {
    page: (filter, request) => query('certificates.page', { filter, request, now: clock.now() }),
    get: (serial) => read((session) => get(session, serial)),
    add: (values) => write((session) => add(session, values)),
    revoke: (entry, ifVersion) => write((session) => revoke(session, entry, ifVersion)),
    revokedOf: (authority, now) =>
      read(async ({ prisma }) => {
        const records = await prisma.certificate.findMany({
          where: {
            authority,
            revokedAt: { not: null },
            notAfter: { gt: BigInt(now - LISTED_AFTER_END_MS) },
          },
          select: { serial: true, revokedAt: true, revocationReason: true },
          orderBy: [{ revokedAt: 'asc' }, { serial: 'asc' }],
          take: CERTIFICATES_MAX,
        });
        return records.map(({ serial, revokedAt, revocationReason }) => ({
          serial,
          at: Number(revokedAt),
          reason: (revocationReason ?? 'unspecified') as RevokedCertificate['reason'],
        }));
      }),
  };
}

async function get({ prisma }: Session, serial: string): Promise<StoredCertificate | null> {
  const record = await prisma.certificate.findUnique({ where: { serial } });
  return record === null ? null : certificateFromRecord(record);
}

async function add({ prisma }: Session, values: CertificateWrite): Promise<StoredCertificate | null> {
  if ((await prisma.certificate.count()) >= CERTIFICATES_MAX) return null;
  const { names, notBefore, notAfter, createdAt, replaces } = values;
  const record = await prisma.certificate.create({
    data: {
      ...values,
      version: 1,
      commonName: storable(values.commonName),
      names: json(names),
      notBefore: BigInt(notBefore),
      notAfter: BigInt(notAfter),
      createdAt: BigInt(createdAt),
      createdBy: storable(values.createdBy),
      replacedBy: null,
      revokedAt: null,
      revocationReason: null,
      revokedBy: null,
    },
  });
  if (replaces !== null) {
    await prisma.certificate.updateMany({
      where: { serial: replaces },
      data: { replacedBy: values.serial, version: { increment: 1 } },
    });
  }
  return certificateFromRecord(record);
}

async function revoke(
  session: Session,
  { serial, at, reason, by }: CertificateRevocationWrite,
  ifVersion: number | undefined,
): Promise<CertificateRevocation> {
  const current = await get(session, serial);
  if (current === null) return { result: 'not-found' };
  if (current.revokedAt !== null) return { result: 'revoked-already', current };
  if (ifVersion !== undefined && ifVersion !== current.version) {
    return { result: 'version-mismatch', current };
  }
  const record = await session.prisma.certificate.update({
    where: { serial },
    data: {
      revokedAt: BigInt(at),
      revocationReason: reason,
      revokedBy: storable(by),
      version: { increment: 1 },
    },
  });
  return { result: 'ok', certificate: certificateFromRecord(record) };
}
