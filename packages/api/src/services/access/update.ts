import type { AccessRuleDto, updateAccessRule as updateBody } from '@gatehouse/contract';
import type { AccessRulePatch, AccessRulePatchResult, StoredAccessRule } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { accessRuleTarget, auditAccessRule } from '../../present/access-rule.ts';
import { ProblemError } from '../../problem.ts';
import { getAccessRule } from './list.ts';
import { announceAccess, checkRule, refuseDeclaredRules } from './rules.ts';

type Body = z.output<typeof updateBody>;

const changed = (result: AccessRulePatchResult): StoredAccessRule => {
  switch (result.result) {
    case 'ok':
      return result.rule;
    case 'not-found':
      throw new ProblemError('not-found');
    case 'version-mismatch':
      throw new ProblemError('precondition-failed', {
        detail: `It has version ${result.current.version} now.`,
      });
  }
};

/** The whole rule as it is to be; null takes away what a rule looks at. */
const merged = (before: StoredAccessRule, body: Body): AccessRulePatch => {
  const qos = body.qos === undefined ? before.qos : (body.qos ?? undefined);
  const retain = body.retain === undefined ? before.retain : (body.retain ?? undefined);
  return {
    permission: body.permission ?? before.permission,
    who: body.who ?? before.who,
    action: body.action ?? before.action,
    topics: body.topics ?? before.topics,
    comment: body.comment ?? before.comment,
    ...(qos === undefined ? {} : { qos }),
    ...(retain === undefined ? {} : { retain }),
  };
};

/** Changes a rule where it stands; open sessions are held against it. */
export const updateAccessRule = async (
  ctx: Context,
  id: string,
  body: Body,
  ifVersion: number | undefined,
): Promise<AccessRuleDto> => {
  const actor = authorize(ctx, 'access:write');
  refuseDeclaredRules(ctx);
  const { store, clock } = ctx.house;
  await store.transaction(async (tx) => {
    const before = await tx.accessRules.get(id);
    if (before === null) throw new ProblemError('not-found');
    const patch = merged(before, body);
    checkRule(patch);
    const after = changed(await tx.accessRules.update(id, patch, ifVersion, clock.now()));
    await writeAudit(tx, ctx, actor, {
      action: 'access-rule.update',
      target: accessRuleTarget(after),
      before: auditAccessRule(before),
      after: auditAccessRule(after),
    });
  });
  await announceAccess(ctx);
  return getAccessRule(ctx, id);
};
