import type { CredentialDto, updateCredential as updateBody } from '@gatehouse/contract';
import type { Credential, CredentialPatch } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditCredential, credentialTarget, presentCredential } from '../../present/credential.ts';
import { defined } from '../../present/defined.ts';
import { msOf } from '../../present/time.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { announceCredentials, presentedSessions } from './announce.ts';
import { endsSessions } from './ends-sessions.ts';
import { checkRuleTopics } from './rule-topics.ts';
import { changedFacts, checkFields, scramUsername } from './typed-input.ts';
import { written } from './written.ts';

type Input = z.output<typeof updateBody>;

const toPatch = (
  ctx: Context,
  { facts: before }: Pick<Credential, 'facts'>,
  { expiresAt, x509, psk, ...rest }: Input,
): CredentialPatch => {
  const facts = changedFacts(ctx, before, { ...defined({ x509, psk }) });
  const renamed = before.type === 'scram' && typeof rest.username === 'string';
  return {
    ...defined({ ...rest, rules: rest.rules?.map((rule) => defined(rule)) }),
    ...(renamed ? { username: scramUsername(rest.username ?? '') } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : msOf(expiresAt) }),
    ...(facts === undefined ? {} : { facts }),
  };
};

/** Changes a credential; `ifVersion` (from If-Match) guards against a lost update. */
export const updateCredential = async (
  ctx: Context,
  id: string,
  input: Input,
  ifVersion: number | undefined,
): Promise<CredentialDto> => {
  const actor = authorize(ctx, 'credentials:write');
  checkRuleTopics(input.rules);
  const now = ctx.house.clock.now();
  const { before, after } = await ctx.house.store.transaction(async (tx) => {
    const current = await tx.credentials.get(id);
    if (current === null) throw new ProblemError('not-found');
    checkFields(current, input);
    const patch = toPatch(ctx, current, input);
    const next = { ...current, ...patch };
    if (current.facts.type === 'basic' && next.username === null && next.clientId === null) {
      throw invalidField('username', 'give a username, a client ID, or both');
    }
    const changed = written(await tx.credentials.update(id, patch, ifVersion, now));
    await writeAudit(tx, ctx, actor, {
      action: 'credential.update',
      target: credentialTarget(changed),
      before: auditCredential(current),
      after: auditCredential(changed),
    });
    return { before: current, after: changed };
  });
  const disconnect = endsSessions(before, after, now);
  const renamed = before.username !== after.username || before.clientId !== after.clientId;
  await announceCredentials(ctx, renamed ? [before, after] : [after], { disconnect, forgive: after.enabled });
  const sessions = await presentedSessions(ctx, [after]);
  return presentCredential(after, sessions(id));
};
