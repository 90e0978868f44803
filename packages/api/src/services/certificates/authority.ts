import type { CertificateAuthorityDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { presentList, presentListener, presentSummary } from '../../present/certificate.ts';
import { ProblemError } from '../../problem.ts';
import { currentSetup } from '../authentication/setup.ts';

/** Names of authenticators, however deep a step of a chain groups them. */
const namesIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : [];
};

/** The listeners whose chain asks an authenticator that tells clients apart by certificate. */
const matching = async ({ house }: Context): Promise<ReadonlySet<string>> => {
  const { authenticators, chains } = await currentSetup(house);
  const asks = (chain: string): boolean =>
    namesIn(chains[chain]).some((name) => authenticators[name]?.type === 'x509');
  return new Set(
    Object.entries(house.auth.listenersOf).flatMap(([chain, listeners]) => (asks(chain) ? listeners : [])),
  );
};

/** The private CA, the listeners' certificates, and whose clients they trust. */
export const getCertificateAuthority = async (ctx: Context): Promise<CertificateAuthorityDto> => {
  authorize(ctx, 'certificates:read');
  const { certificates } = ctx.house;
  const [current, listeners, trusted, matches] = await Promise.all([
    certificates.current(),
    certificates.listeners(),
    certificates.trusted(),
    matching(ctx),
  ]);
  return {
    ca: current === null ? null : presentSummary(current.summary),
    crl: current === null ? null : presentList(current.list),
    listeners: listeners.map((one) => presentListener(one, matches.has(one.listener))),
    trusted: trusted.map(presentSummary),
  };
};

/** Certificate and revocation list of the private CA, both PEM. */
export const getCaFiles = async (
  ctx: Context,
): Promise<{ readonly certificate: string; readonly crl: string }> => {
  authorize(ctx, 'certificates:read');
  const current = await ctx.house.certificates.current();
  if (current === null) {
    throw new ProblemError('not-found', { detail: 'There is no CA yet; the first certificate makes it.' });
  }
  return current;
};
