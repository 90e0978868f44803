import { X509Certificate } from 'node:crypto';
import { CONNACK_BUSY, type ConnackOf, type Decision, type Trace } from '@gatehouse/auth-core';
import type { tryBody, TryResultDto } from '@gatehouse/contract';
import ipaddr from 'ipaddr.js';
import type { z } from 'zod';
import type { Actor } from '@gatehouse/ports';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { findNear, nearStatement } from '../unauthorized/near.ts';
import { presentDetail } from '../../present/unauthorized.ts';
import { invalidField, ProblemError } from '../../problem.ts';

export const presentTrace = (trace: Trace): TryResultDto['trace'] =>
  trace.map((step) => ({
    authenticator: step.authenticator,
    type: step.type,
    outcome: step.outcome,
    reason: step.reason,
    ms: step.ms,
    ...(step.detail === undefined ? {} : { detail: presentDetail(step.detail) }),
  }));

const connackCode = (connackOf: ConnackOf, decision: Decision, protocol: 3 | 4 | 5): number => {
  if (decision.outcome === 'allow') return 0;
  if (decision.outcome === 'busy') return protocol === 5 ? CONNACK_BUSY.v5 : CONNACK_BUSY.v3;
  return connackOf(protocol, decision.reason, decision.detail) ?? 0;
};

/**
 * A try with a password is a guess that the guessing budget does not see: it takes from the actor's own, and the audit
 * says who asked about whom. The command on this machine could read the store anyway.
 */
export const spend = async (ctx: Context, actor: Actor, input: z.output<typeof tryBody>): Promise<void> => {
  if (input.password === undefined || actor.kind === 'cli') return;
  const retryAfterSeconds = ctx.house.tryBudget.take(actor.id);
  if (retryAfterSeconds > 0) throw new ProblemError('too-many-requests', { retryAfterSeconds });
  const name = input.username ?? input.clientId;
  await ctx.house.store.transaction((tx) =>
    writeAudit(tx, ctx, actor, { action: 'try.run', target: { kind: 'client', id: '', name } }),
  );
};

const mayRead = ({ caller }: Context): boolean =>
  caller.kind !== 'nobody' && caller.scopes.has('credentials:read');

/** Names a credential only to who may read credentials. */
const statementsOf = async (
  ctx: Context,
  decision: Decision,
  { username, clientId }: z.output<typeof tryBody>,
): Promise<TryResultDto['statements']> => {
  const isUnknown = decision.outcome === 'deny' && decision.reason === 'BASIC_NO_CREDENTIALS';
  if (!isUnknown || !mayRead(ctx)) return [];
  const names = { username: username ?? null, clientId };
  const near = await findNear(ctx.house.store, names);
  return near === null ? [] : [nearStatement(near, names)];
};

/** @throws ProblemError naming `path` when the text holds something that OpenSSL does not read. */
export const checkCertificates = (pem: string | undefined, path = 'certificate'): void => {
  try {
    for (const block of pem?.split(/(?=-----BEGIN )/) ?? []) new X509Certificate(block);
  } catch {
    throw invalidField(path, 'is no certificate in PEM');
  }
};

/** Runs the chain on a made-up attempt: nothing is recorded among the refused, and no secret comes back. */
export const tryAttempt = async (ctx: Context, input: z.output<typeof tryBody>): Promise<TryResultDto> => {
  const actor = authorize(ctx, 'try:run');
  if (!ipaddr.isValid(input.ip)) throw invalidField('ip', 'is not an IP address');
  if (input.authMethod !== undefined && input.protocol !== 5) {
    throw invalidField('authMethod', 'is for protocol 5');
  }
  checkCertificates(input.certificate);
  await spend(ctx, actor, input);
  const { decision } = await ctx.house.dataPlane.tryAttempt({
    username: input.username,
    password: input.password,
    clientId: input.clientId,
    ip: ipaddr.process(input.ip).toString(),
    listener: input.listener,
    protocolVersion: input.protocol,
    authMethod: input.authMethod,
    certificate: input.certificate,
    pskIdentity: input.pskIdentity,
  });
  const grant = decision.outcome === 'allow' ? decision.grant : null;
  return {
    outcome: decision.outcome,
    reason: decision.outcome === 'deny' ? decision.reason : null,
    by: decision.by,
    connackCode: connackCode(ctx.house.auth.connackOf, decision, input.protocol),
    superuser: grant?.superuser ?? false,
    anonymous: grant?.anonymous ?? false,
    credentialId: grant?.credentialId ?? null,
    statements: await statementsOf(ctx, decision, input),
    trace: presentTrace(decision.trace),
  };
};
