import type { NewCertificateDto, renewCertificate as renewBody } from '@gatehouse/contract';
import type { KeyChoice, StoredCertificate } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditCertificate, certificateAuditTarget } from '../../present/certificate.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { DEFAULT_DAYS, notRejected, register } from './issue.ts';
import { findCertificate } from './list.ts';
import { checkPacking, packed } from './pack.ts';
import { checkRevocable, revokeWithin } from './revoke.ts';

type Input = z.output<typeof renewBody>;

const keyOf = ({ key, request }: Input, { pem }: StoredCertificate): KeyChoice => {
  if (key === 'request') {
    if (request === undefined) throw invalidField('request', 'is missing');
    return { from: 'request', request };
  }
  if (request !== undefined) throw invalidField('request', 'needs key: request');
  return key === 'new' ? { from: 'server' } : { from: 'certificate', certificate: pem };
};

/** Issues a certificate with the same names anew; the old one stays valid unless it is to be revoked. */
export const renewCertificate = async (
  ctx: Context,
  serial: string,
  input: Input,
  ifVersion: number | undefined,
): Promise<NewCertificateDto> => {
  const actor = authorize(ctx, 'certificates:write');
  const { store, clock, certificates, dataPlane } = ctx.house;
  checkPacking(input, input.key === 'new');
  const old = await findCertificate(ctx, serial);
  const key = keyOf(input, old);
  if (old.revokedAt !== null) {
    throw new ProblemError('conflict', { detail: 'It is revoked: issue another one instead.' });
  }
  if (input.revokeReplaced) await checkRevocable(ctx, old);
  const { purpose, commonName, names } = old;
  const order = { purpose, commonName, names, days: input.days ?? DEFAULT_DAYS[purpose] };
  const issued = notRejected(await certificates.issue(order, key), 'request');
  const stored = await store.transaction(async (tx) => {
    const now = clock.now();
    const current = await findCertificate(ctx, serial, tx);
    if (ifVersion !== undefined && ifVersion !== current.version) {
      throw new ProblemError('precondition-failed', { detail: `It has version ${current.version} now.` });
    }
    const made = await register(tx, issued, { createdAt: now, createdBy: actor.name, replaces: serial });
    await writeAudit(tx, ctx, actor, {
      action: 'certificate.renew',
      target: certificateAuditTarget(made),
      before: auditCertificate(current),
      after: auditCertificate(made),
    });
    if (input.revokeReplaced) {
      await revokeWithin(ctx, tx, actor, { serial, at: now, reason: 'superseded' }, undefined);
    }
    return made;
  });
  if (input.revokeReplaced) dataPlane.publish({ kind: 'trust-changed' });
  return packed(ctx, stored, issued, input);
};
