import type { CredentialDto, updateCredential as updateBody } from '@gatehouse/contract';
import type { CredentialPatch } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditCredential, credentialTarget, presentCredential } from '../../present/credential.ts';
import { defined } from '../../present/defined.ts';
import { msOf } from '../../present/time.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { announceCredentials, presentedSessions } from './announce.ts';
import { endsSessions } from './ends-sessions.ts';
import { checkRuleTopics } from './rule-topics.ts';
import { written } from './written.ts';

type Input = z.output<typeof updateBody>;

const toPatch = ({ expiresAt, ...rest }: Input): CredentialPatch => ({
  ...defined({ ...rest, rules: rest.rules?.map((rule) => defined(rule)) }),
  ...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : msOf(expiresAt) }),
});

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
    const patch = toPatch(input);
    const next = { ...current, ...patch };
    if (next.username === null && next.clientId === null) {
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
  announceCredentials(ctx, renamed ? [before, after] : [after], { disconnect, forgive: after.enabled });
  const sessions = await presentedSessions(ctx, [after]);
  return presentCredential(after, sessions(id));
};
