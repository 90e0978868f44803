import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { certificateFacts, readRevocationLists } from '@gatehouse/broker';
import type { CertificateSummary, RevocationListFacts } from '@gatehouse/ports';

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const ADDRESS = /IP Address:([\da-fA-F:.]+)/g;

/** The certificates of a PEM text, at most so many. Throws where one of them is damaged. */
export const certificatesIn = (pem: string, max: number): readonly X509Certificate[] =>
  (pem.match(BLOCK) ?? []).slice(0, max).map((block) => new X509Certificate(block));

/** How many there are. */
export const countCertificates = (pem: string): number => pem.match(BLOCK)?.length ?? 0;

/** What a certificate says, for people. */
export function summaryOf(certificate: X509Certificate): CertificateSummary {
  const { subject, issuer, fingerprint, serialNumber, notBefore, notAfter, alternativeNames } =
    certificateFacts(certificate);
  const addresses = [...(certificate.subjectAltName ?? '').matchAll(ADDRESS)].map(([, ip = '']) => ip);
  const { dns, uri, email } = alternativeNames;
  return {
    subject,
    issuer,
    fingerprint,
    serial: serialNumber,
    notBefore,
    notAfter,
    names: [...dns, ...addresses, ...uri, ...email],
  };
}

/** What the revocation lists of a file say together; a file that is not there counts as one that has ended. */
export function listFactsOf(file: string, now: number): RevocationListFacts {
  if (!existsSync(file)) return { file, entries: 0, nextUpdate: null, expired: true };
  const lists = readRevocationLists(readFileSync(file, 'utf8'));
  const ends = lists.flatMap(({ nextUpdate }) => nextUpdate ?? []);
  const end = ends.length === 0 ? undefined : Math.min(...ends);
  return {
    file,
    entries: lists.reduce((sum, { serials }) => sum + serials.size, 0),
    nextUpdate: end === undefined ? null : new Date(end).toISOString(),
    expired: end !== undefined && end <= now,
  };
}
