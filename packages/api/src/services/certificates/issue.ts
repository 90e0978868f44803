import type { issueCertificate as issueBody, NewCertificateDto } from '@gatehouse/contract';
import {
  CERTIFICATES_MAX,
  type CertificateOrder,
  type IssuedCertificate,
  type KeyChoice,
  type Rejected,
  type Repositories,
  type StoredCertificate,
} from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditCertificate, certificateAuditTarget } from '../../present/certificate.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { checkPacking, packed } from './pack.ts';

type Input = z.output<typeof issueBody>;

/** Days unless somebody says otherwise: a server's, as long as all clients accept. */
export const DEFAULT_DAYS = { client: 365, server: 825 } as const;

/** What can be done, or a problem of the field that it came in. */
export const notRejected = <T extends object>(result: T | Rejected, field: string): T => {
  if ('rejected' in result) throw invalidField(field, result.rejected);
  return result;
};

const orderOf = (ctx: Context, input: Input): CertificateOrder => {
  const asked =
    input.request === undefined
      ? { commonName: undefined, names: [] }
      : notRejected(ctx.house.certificates.readRequest(input.request), 'request');
  const commonName = input.commonName ?? asked.commonName;
  if (commonName === undefined) {
    throw invalidField(
      'commonName',
      input.request === undefined ? 'is missing' : 'is missing, and the request names none',
    );
  }
  return {
    purpose: input.purpose,
    commonName,
    names: input.names ?? asked.names,
    days: input.days ?? DEFAULT_DAYS[input.purpose],
  };
};

/** Enters a certificate into the register. */
export const register = async (
  tx: Pick<Repositories, 'certificates'>,
  { certificate }: IssuedCertificate,
  more: Pick<StoredCertificate, 'createdAt' | 'createdBy' | 'replaces'>,
): Promise<StoredCertificate> => {
  const stored = await tx.certificates.add({ ...certificate, ...more });
  if (stored === null) {
    throw new ProblemError('limit-reached', { detail: `There may be ${CERTIFICATES_MAX} certificates.` });
  }
  return stored;
};

/** Issues a certificate; answers its key, which is told this once. */
export const issueCertificate = async (ctx: Context, input: Input): Promise<NewCertificateDto> => {
  const actor = authorize(ctx, 'certificates:write');
  const { store, clock, certificates } = ctx.house;
  checkPacking(input, input.request === undefined);
  const order = orderOf(ctx, input);
  const key: KeyChoice =
    input.request === undefined ? { from: 'server' } : { from: 'request', request: input.request };
  const issued = notRejected(
    await certificates.issue(order, key),
    input.names === undefined && input.request !== undefined ? 'request' : 'names',
  );
  const stored = await store.transaction(async (tx) => {
    const made = await register(tx, issued, {
      createdAt: clock.now(),
      createdBy: actor.name,
      replaces: null,
    });
    await writeAudit(tx, ctx, actor, {
      action: 'certificate.issue',
      target: certificateAuditTarget(made),
      after: auditCertificate(made),
    });
    return made;
  });
  return packed(ctx, stored, issued, input);
};
