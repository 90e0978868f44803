import type { NewCertificateDto } from '@gatehouse/contract';
import type { IssuedCertificate, StoredCertificate } from '@gatehouse/ports';
import type { Context } from '../../context.ts';
import { presentCertificate } from '../../present/certificate.ts';
import { invalidField } from '../../problem.ts';
import { randomToken } from '../../security/tokens.ts';
import { viewOf } from './view.ts';

/** Whether a PKCS#12 is wanted, and its password where it is not to be generated. */
export interface Packing {
  readonly pkcs12: boolean;
  readonly pkcs12Password?: string | undefined;
}

/** Refuses a PKCS#12 without a key in it, before anything is issued. */
export const checkPacking = ({ pkcs12, pkcs12Password }: Packing, makesKey: boolean): void => {
  if (pkcs12 && !makesKey) throw invalidField('pkcs12', 'needs the key, which is not made here');
  if (!pkcs12 && pkcs12Password !== undefined) throw invalidField('pkcs12Password', 'needs pkcs12: true');
};

/** The answer with what is told this once. */
export const packed = async (
  ctx: Context,
  stored: StoredCertificate,
  { key }: IssuedCertificate,
  packing: Packing,
): Promise<NewCertificateDto> => {
  const { certificates } = ctx.house;
  const current = await certificates.current();
  const answer: NewCertificateDto = {
    ...presentCertificate(stored, await viewOf(ctx)),
    certificate: stored.pem,
    ca: current?.certificate ?? '',
    ...(key === undefined ? {} : { privateKey: key }),
  };
  if (key === undefined || !packing.pkcs12) return answer;
  const password = packing.pkcs12Password ?? randomToken();
  return {
    ...answer,
    pkcs12: await certificates.pkcs12(stored.pem, key, password),
    ...(packing.pkcs12Password === undefined ? { pkcs12Password: password } : {}),
  };
};
