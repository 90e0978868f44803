import { REASONS } from '@gatehouse/auth-core';
import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import type { AuditEntry, Credential, Evidence, Signature, UnauthorizedClientDetail } from '@gatehouse/ports';
import { authorize, type Context } from '../../context.ts';
import { iso, isoOrNull } from '../../present/time.ts';
import { presentUnauthorized } from '../../present/unauthorized.ts';
import { ProblemError } from '../../problem.ts';
import { presentTrace } from '../try/run.ts';

import { explain } from './explain.ts';
import { advise } from './advise.ts';
import { type Circumstances, findCircumstances } from './circumstances.ts';

const RELATED_MAX = 10;

const presentEvidence = ({
  interval,
  lastGoodLogin,
  ...rest
}: Evidence): UnauthorizedClientDetailDto['evidence'] => ({
  distinctSecrets: rest.distinctSecrets,
  distinctSecretsCapped: rest.distinctSecretsCapped,
  mismatchHints: [...rest.mismatchHints],
  interval: interval === null ? null : { ...interval },
  lastGoodLogin:
    lastGoodLogin === null
      ? null
      : { ...lastGoodLogin, at: iso(lastGoodLogin.at), differs: [...lastGoodLogin.differs] },
});

const presentSignature = ({ username, network, reason, listener, ...rest }: Signature) => ({
  username,
  network,
  reason,
  listener,
  attempts: rest.attempts,
  firstAt: iso(rest.firstAt),
  lastAt: iso(rest.lastAt),
  resolved: rest.resolved,
});

const presentSubject = (
  credential: Credential | null,
  { hasPreviousSecret, secretChangedBy }: Circumstances,
): UnauthorizedClientDetailDto['credential'] =>
  credential === null
    ? null
    : {
        id: credential.id,
        name: credential.name,
        enabled: credential.enabled,
        expiresAt: isoOrNull(credential.expiresAt),
        secretChangedAt: isoOrNull(credential.secretChangedAt),
        secretChangedBy,
        previousSecretValidUntil: isoOrNull(credential.previousSecretValidUntil),
        hasPreviousSecret,
      };

const presentPrecedent = (entry: AuditEntry | null): UnauthorizedClientDetailDto['precededBy'] =>
  entry === null
    ? null
    : {
        id: entry.id,
        at: iso(entry.at),
        action: entry.action,
        actor: entry.actor.name,
        target: entry.target?.name ?? null,
      };

const presentCertificate = (row: UnauthorizedClientDetail): UnauthorizedClientDetailDto['certificate'] =>
  row.certificate === null ? null : { ...row.certificate, commonName: row.certificate.commonName ?? null };

const presentChain = ({
  presented = [],
}: UnauthorizedClientDetail): UnauthorizedClientDetailDto['certificateChain'] =>
  presented.map((one) => ({ ...one, commonName: one.commonName ?? null }));

/** One row with its likely cause, its fixes and all that supports them. */
export const getUnauthorized = async (ctx: Context, id: string): Promise<UnauthorizedClientDetailDto> => {
  authorize(ctx, 'unauthorized:read');
  const { store, config, clock } = ctx.house;
  const row = await store.unauthorized.get(id);
  if (row === null) throw new ProblemError('not-found');
  const [circumstances, related] = await Promise.all([
    findCircumstances(ctx.house, row),
    store.unauthorized.related(id, RELATED_MAX),
  ]);
  const { likelyCause, fixes } = explain(row, circumstances, clock.now());
  const spec = REASONS[row.reason];
  return {
    ...presentUnauthorized(row),
    certificate: presentCertificate(row),
    certificateChain: presentChain(row),
    trace: presentTrace(row.trace),
    ref: row.ref,
    title: spec.title,
    docs: `${config.docsUrl}/${row.reason}.md`,
    likelyCause,
    howToFix: advise(row, circumstances),
    fixes,
    evidence: presentEvidence(row.evidence),
    signatures: row.signatures.map(presentSignature),
    credential: presentSubject(circumstances.credential, circumstances),
    related: {
      sameIp: related.sameIp.map(presentUnauthorized),
      sameUsername: related.sameUsername.map(presentUnauthorized),
    },
    precededBy: presentPrecedent(circumstances.precededBy),
  };
};
