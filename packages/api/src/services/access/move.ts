import type { AccessRuleDto, moveAccessRule as moveBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { accessRuleTarget, presentAccessRules } from '../../present/access-rule.ts';
import { ProblemError } from '../../problem.ts';
import { getAccessRule } from './list.ts';
import { announceAccess, refuseDeclaredRules } from './rules.ts';

/** Puts a rule at another place; the first that matches decides, so that this is a change of what is allowed. */
export const moveAccessRule = async (
  ctx: Context,
  id: string,
  { phase, index }: z.output<typeof moveBody>,
): Promise<AccessRuleDto> => {
  const actor = authorize(ctx, 'access:write');
  refuseDeclaredRules(ctx);
  const { store, clock } = ctx.house;
  await store.transaction(async (tx) => {
    const placeOf = async () => presentAccessRules(await tx.accessRules.all()).find((rule) => rule.id === id);
    const before = await placeOf();
    if (before === undefined) throw new ProblemError('not-found');
    const moved = await tx.accessRules.move(id, { phase: phase ?? before.phase, index }, clock.now());
    const after = await placeOf();
    if (moved === null || after === undefined) throw new ProblemError('not-found');
    await writeAudit(tx, ctx, actor, {
      action: 'access-rule.move',
      target: accessRuleTarget(moved),
      before: { phase: before.phase, index: before.index },
      after: { phase: after.phase, index: after.index },
    });
  });
  await announceAccess(ctx);
  return getAccessRule(ctx, id);
};
