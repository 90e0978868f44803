import type {
  AlertRuleDto,
  createAlertRule as createBody,
  updateAlertRule as updateBody,
} from '@gatehouse/contract';
import type { Repositories, StoredAlertRule } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditAlertRule, presentAlertRule } from '../../present/alert.ts';
import { defined } from '../../present/defined.ts';
import { invalidField, ProblemError } from '../../problem.ts';

const targetOf = ({ id, name }: StoredAlertRule) => ({ kind: 'alert-rule', id, name });

/** What is needed to say how a rule stands. */
const standing = async (ctx: Context) => {
  const { store, clock } = ctx.house;
  const [firing, silences] = await Promise.all([
    store.alerts.firing(),
    store.alertSetup.silences(clock.now()),
  ]);
  const ids = new Set(firing.map(({ ruleId }) => ruleId));
  return (rule: StoredAlertRule): AlertRuleDto => presentAlertRule(rule, ids, silences);
};

const checkChannels = async (tx: Repositories, channels: readonly string[]): Promise<void> => {
  const known = new Set((await tx.alertSetup.channels()).map(({ id }) => id));
  const unknown = channels.findIndex((id) => !known.has(id));
  if (unknown >= 0) throw invalidField(`channels.${unknown}`, 'there is no such channel');
};

export const listAlertRules = async (ctx: Context) => {
  authorize(ctx, 'alerts:read');
  const [rules, present] = await Promise.all([ctx.house.store.alertSetup.rules(), standing(ctx)]);
  return { items: rules.map(present) };
};

export const createAlertRule = async (
  ctx: Context,
  input: z.output<typeof createBody>,
): Promise<AlertRuleDto> => {
  const actor = authorize(ctx, 'alerts:write');
  const { store, clock } = ctx.house;
  const rule = await store.transaction(async (tx) => {
    await checkChannels(tx, input.channels);
    const made = await tx.alertSetup.createRule({ ...input, createdBy: actor.name }, clock.now());
    if (made.result === 'full') {
      throw new ProblemError('limit-reached', {
        detail: `There may be ${made.max} rules; delete one first.`,
      });
    }
    const after = auditAlertRule(made.rule);
    await writeAudit(tx, ctx, actor, { action: 'alert-rule.create', target: targetOf(made.rule), after });
    return made.rule;
  });
  return (await standing(ctx))(rule);
};

export const updateAlertRule = async (
  ctx: Context,
  id: string,
  input: z.output<typeof updateBody>,
  ifVersion: number | undefined,
): Promise<AlertRuleDto> => {
  const actor = authorize(ctx, 'alerts:write');
  const { store, clock } = ctx.house;
  const rule = await store.transaction(async (tx) => {
    const before = await tx.alertSetup.rule(id);
    if (before === null) throw new ProblemError('not-found');
    if (input.channels !== undefined) await checkChannels(tx, input.channels);
    const result = await tx.alertSetup.updateRule(
      id,
      { ...before, ...defined(input) },
      ifVersion,
      clock.now(),
    );
    if (result.result === 'not-found') throw new ProblemError('not-found');
    if (result.result === 'version-mismatch') {
      const detail = `It has version ${result.current.version} now.`;
      throw new ProblemError('precondition-failed', { detail });
    }
    await writeAudit(tx, ctx, actor, {
      action: 'alert-rule.update',
      target: targetOf(result.rule),
      before: auditAlertRule(before),
      after: auditAlertRule(result.rule),
    });
    return result.rule;
  });
  return (await standing(ctx))(rule);
};

/** What the rule fires is over at the next round of the engine. */
export const deleteAlertRule = async (ctx: Context, id: string): Promise<void> => {
  const actor = authorize(ctx, 'alerts:write');
  await ctx.house.store.transaction(async (tx) => {
    const removed = await tx.alertSetup.removeRule(id);
    if (removed === null) throw new ProblemError('not-found');
    const before = auditAlertRule(removed);
    await writeAudit(tx, ctx, actor, { action: 'alert-rule.delete', target: targetOf(removed), before });
  });
};
