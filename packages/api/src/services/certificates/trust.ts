import type { CertificateSummaryDto, trustCa as trustBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { presentSummary } from '../../present/certificate.ts';
import { ProblemError } from '../../problem.ts';
import { notRejected } from './issue.ts';
import { writeTrusted } from './trusted.ts';

/** CAs that may be trusted beside the private one. */
const TRUSTED_MAX = 64;

/** Lets in the clients of another CA, where listeners go by the private one. */
export const trustCa = async (
  ctx: Context,
  { certificate }: z.output<typeof trustBody>,
): Promise<CertificateSummaryDto> => {
  const actor = authorize(ctx, 'certificates:write');
  const { store, certificates, dataPlane } = ctx.house;
  const added = notRejected(certificates.readAuthority(certificate), 'certificate');
  const trusted = await certificates.trusted();
  const own = await certificates.fingerprint();
  if (added.fingerprint === own || trusted.some((one) => one.fingerprint === added.fingerprint)) {
    throw new ProblemError('conflict', { detail: 'This CA is trusted already.' });
  }
  if (trusted.length >= TRUSTED_MAX) {
    throw new ProblemError('limit-reached', { detail: `There may be ${TRUSTED_MAX} of them.` });
  }
  await store.transaction(async (tx) => {
    await writeAudit(tx, ctx, actor, {
      action: 'ca.trust',
      target: { kind: 'ca', id: added.fingerprint, name: added.subject },
      after: presentSummary(added),
    });
    await writeTrusted(ctx.house, tx, [...trusted.map(({ pem }) => pem), added.pem]);
  });
  dataPlane.publish({ kind: 'trust-changed' });
  return presentSummary(added);
};

/** Trusts a CA no more; sessions of its clients are closed. */
export const distrustCa = async (ctx: Context, fingerprint: string): Promise<void> => {
  const actor = authorize(ctx, 'certificates:write');
  const { store, certificates, dataPlane } = ctx.house;
  const trusted = await certificates.trusted();
  const removed = trusted.find((one) => one.fingerprint === fingerprint);
  if (removed === undefined) throw new ProblemError('not-found');
  await store.transaction(async (tx) => {
    await writeAudit(tx, ctx, actor, {
      action: 'ca.distrust',
      target: { kind: 'ca', id: fingerprint, name: removed.subject },
      before: presentSummary(removed),
    });
    const left = trusted.filter((one) => one !== removed);
    await writeTrusted(
      ctx.house,
      tx,
      left.map(({ pem }) => pem),
    );
  });
  dataPlane.publish({ kind: 'trust-changed' });
};
