import type { PresentedCertificate } from '@gatehouse/ports';
import type { CertificateFacts } from '@gatehouse/auth-core';
import { iso } from '../../../present/time.ts';
import { fact, quoted } from '../statement.ts';
import type { Cause } from './cause.ts';

type Row = Parameters<Cause>[0];

/** The certificate of the chain that is at fault for this; the client's own where none is named and the reason says so. */
const faulty = (
  { certificate, presented = [], reason }: Row,
  problem: NonNullable<PresentedCertificate['problem']>,
  ownReason: string,
): CertificateFacts | null =>
  presented.find((one) => one.problem === problem) ?? (reason === ownReason ? certificate : null);

/** Who revoked it and when, as far as the register of the private CA tells. */
export const certificateRevoked: Cause = (row, { certificate: registered }) => {
  const shown = faulty(row, 'revoked', 'TLS_CERT_REVOKED');
  if (shown === null) return [];
  const { subject, serialNumber: serial } = shown;
  if (registered?.revokedAt === null || registered?.revokedAt === undefined) {
    const text = `The revocation list names the certificate ${quoted(subject)}, serial number ${serial}; another CA than this server’s keeps that list.`;
    return [fact('certificate-listed', { subject, serial }, text)];
  }
  const { revokedAt, revokedBy, revocationReason } = registered;
  const values = { subject, serial, by: revokedBy ?? '', at: iso(revokedAt), why: revocationReason ?? '' };
  const who = revokedBy === null ? 'was revoked' : `was revoked by ${revokedBy}`;
  const text = `The certificate ${quoted(subject)} ${who} at ${values.at}${values.why === '' ? '' : ` (${values.why})`}.`;
  return [fact('certificate-revoked', values, text), renewal(registered.replacedBy)];
};

/** When it ended, and whether it has been renewed since. */
export const certificateEnded: Cause = (row, { certificate: registered }) => {
  const shown = faulty(row, 'expired', 'TLS_CERT_EXPIRED');
  if (shown === null) return [];
  const { subject, serialNumber: serial, notAfter: at } = shown;
  const ended = fact(
    'certificate-ended',
    { subject, serial, at },
    `The certificate ${quoted(subject)} was valid until ${at}.`,
  );
  return [ended, renewal(registered?.replacedBy ?? null)];
};

const renewal = (serial: string | null) =>
  serial === null
    ? null
    : fact(
        'certificate-renewed',
        { serial },
        `It has been renewed: the device does not use the new certificate, serial number ${serial}, yet.`,
      );
