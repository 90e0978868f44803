import type { Context } from '../../context.ts';
import type { CertificateView } from '../../present/certificate.ts';

/** What certificates of the register are seen against now. */
export const viewOf = async ({ house }: Context): Promise<CertificateView> => {
  const [authority, listeners] = await Promise.all([
    house.certificates.fingerprint(),
    house.certificates.listeners(),
  ]);
  const served = listeners.flatMap(({ listener, certificate }) =>
    certificate === null ? [] : [[listener, certificate.fingerprint] as const],
  );
  return { now: house.clock.now(), authority, served: Object.fromEntries(served) };
};
