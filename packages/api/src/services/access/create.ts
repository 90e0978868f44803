import type { AccessRuleDto, createAccessRule as createBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { accessRuleTarget, auditAccessRule } from '../../present/access-rule.ts';
import { ProblemError } from '../../problem.ts';
import { getAccessRule } from './list.ts';
import { announceAccess, checkRule, refuseDeclaredRules } from './rules.ts';

/** Adds a rule; open sessions are held against it. */
export const createAccessRule = async (
  ctx: Context,
  { phase, index, qos, retain, ...rest }: z.output<typeof createBody>,
): Promise<AccessRuleDto> => {
  const actor = authorize(ctx, 'access:write');
  refuseDeclaredRules(ctx);
  checkRule(rest);
  const { store, clock } = ctx.house;
  // An allow that is asked first would take away what a credential denies itself: that is said, or it is not done.
  const place = { phase: phase ?? (rest.permission === 'deny' ? 'before' : 'after'), index } as const;
  const write = {
    ...rest,
    ...(qos === null ? {} : { qos }),
    ...(retain === null ? {} : { retain }),
    createdBy: actor.name,
  };
  const { id } = await store.transaction(async (tx) => {
    const made = await tx.accessRules.create(write, place, clock.now());
    if (made.result === 'full')
      throw new ProblemError('limit-reached', {
        detail: `There may be ${made.max} rules; remove one first.`,
      });
    await writeAudit(tx, ctx, actor, {
      action: 'access-rule.create',
      target: accessRuleTarget(made.rule),
      after: auditAccessRule(made.rule),
    });
    return made.rule;
  });
  await announceAccess(ctx);
  return getAccessRule(ctx, id);
};
