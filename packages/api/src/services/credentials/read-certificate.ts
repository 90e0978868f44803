import type { CertificateNamesDto, certificateText } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { invalidField } from '../../problem.ts';

/** What a credential could match of a certificate. Nothing is stored; a private key beside it is not looked at. */
export const readCertificate = (
  ctx: Context,
  { pem }: z.output<typeof certificateText>,
): CertificateNamesDto => {
  authorize(ctx, 'credentials:read');
  const read = ctx.house.auth.readCertificate(pem);
  if (read === undefined) throw invalidField('pem', 'is no certificate in PEM');
  const { subject, issuer, serialNumber, fingerprint, commonName, notBefore, notAfter } = read;
  const { dns, uri, email } = read.alternativeNames;
  return {
    subject,
    issuer,
    serial: serialNumber,
    fingerprint,
    commonName: commonName ?? null,
    notBefore,
    notAfter,
    dns: [...dns],
    uri: [...uri],
    email: [...email],
  };
};
