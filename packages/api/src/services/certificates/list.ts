import type { certificatesListQuery, IssuedCertificateDto } from '@gatehouse/contract';
import type { StoredCertificate } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentCertificate } from '../../present/certificate.ts';
import { defined } from '../../present/defined.ts';
import { pageRequest, presentPage } from '../../present/page.ts';
import { ProblemError } from '../../problem.ts';
import { viewOf } from './view.ts';

export const listCertificates = async (ctx: Context, query: z.output<typeof certificatesListQuery>) => {
  authorize(ctx, 'certificates:read');
  const { search, state, purpose } = query;
  const filter = defined({ search, state, purpose });
  const [page, view] = await Promise.all([
    ctx.house.store.certificates.page(filter, pageRequest(query)),
    viewOf(ctx),
  ]);
  return presentPage(page, (certificate) => presentCertificate(certificate, view));
};

/** A certificate of the register, or a problem. */
export const findCertificate = async (
  { house }: Context,
  serial: string,
  store: Pick<typeof house.store, 'certificates'> = house.store,
): Promise<StoredCertificate> => {
  const found = await store.certificates.get(serial);
  if (found === null) throw new ProblemError('not-found');
  return found;
};

export const getCertificate = async (ctx: Context, serial: string): Promise<IssuedCertificateDto> => {
  authorize(ctx, 'certificates:read');
  const found = await findCertificate(ctx, serial);
  return presentCertificate(found, await viewOf(ctx));
};

export const getCertificatePem = async (ctx: Context, serial: string): Promise<StoredCertificate> => {
  authorize(ctx, 'certificates:read');
  return findCertificate(ctx, serial);
};
