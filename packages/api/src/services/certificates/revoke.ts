import type { IssuedCertificateDto, revokeCertificate as revokeBody } from '@gatehouse/contract';
import type {
  Actor,
  CertificateRevocation,
  Repositories,
  RevokedCertificate,
  StoredCertificate,
} from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditCertificate, certificateAuditTarget, presentCertificate } from '../../present/certificate.ts';
import { ProblemError } from '../../problem.ts';
import { findCertificate } from './list.ts';
import { viewOf } from './view.ts';

const revoked = (result: CertificateRevocation): StoredCertificate => {
  switch (result.result) {
    case 'ok':
      return result.certificate;
    case 'not-found':
      throw new ProblemError('not-found');
    case 'revoked-already':
      throw new ProblemError('conflict', { detail: 'It is revoked already.' });
    case 'version-mismatch':
      throw new ProblemError('precondition-failed', {
        detail: `It has version ${result.current.version} now.`,
      });
  }
};

/** Refuses what is of a CA before, whose list nobody writes any more, and what a listener serves. */
export const checkRevocable = async (ctx: Context, certificate: StoredCertificate): Promise<void> => {
  const { authority, served } = await viewOf(ctx);
  if (certificate.authority !== authority) {
    throw new ProblemError('conflict', { detail: 'Another CA issued it, of which this server has no key.' });
  }
  const listener = Object.keys(served).find((name) => served[name] === certificate.fingerprint);
  if (listener !== undefined) {
    throw new ProblemError('conflict', {
      detail: `The listener ${listener} serves it: give the listener another one first.`,
    });
  }
};

/** Revokes within a transaction; the list is written last, so that a list that cannot be written leaves all as it was. */
export const revokeWithin = async (
  ctx: Context,
  tx: Repositories,
  actor: Actor,
  entry: RevokedCertificate,
  ifVersion: number | undefined,
): Promise<StoredCertificate> => {
  const before = await findCertificate(ctx, entry.serial, tx);
  const after = revoked(await tx.certificates.revoke({ ...entry, by: actor.name }, ifVersion));
  await writeAudit(tx, ctx, actor, {
    action: 'certificate.revoke',
    target: certificateAuditTarget(after),
    before: auditCertificate(before),
    after: auditCertificate(after),
  });
  await ctx.house.certificates.writeRevocations(
    await tx.certificates.revokedOf(after.authority, ctx.house.clock.now()),
  );
  return after;
};

/** Revokes a certificate; sessions that were opened with it are closed. */
export const revokeCertificate = async (
  ctx: Context,
  serial: string,
  { reason }: z.output<typeof revokeBody>,
  ifVersion: number | undefined,
): Promise<IssuedCertificateDto> => {
  const actor = authorize(ctx, 'certificates:write');
  const { store, clock, dataPlane } = ctx.house;
  await checkRevocable(ctx, await findCertificate(ctx, serial));
  const certificate = await store.transaction((tx) =>
    revokeWithin(ctx, tx, actor, { serial, at: clock.now(), reason }, ifVersion),
  );
  dataPlane.publish({ kind: 'trust-changed' });
  return presentCertificate(certificate, await viewOf(ctx));
};
