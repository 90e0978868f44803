import type { AlertSilenceDto, createAlertSilence as createBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { presentSilence } from '../../present/alert.ts';
import { ProblemError } from '../../problem.ts';

const MINUTE_MS = 60_000;
const ALL_RULES = 'all rules';

export const listAlertSilences = async (ctx: Context) => {
  authorize(ctx, 'alerts:read');
  const { store, clock } = ctx.house;
  return { items: (await store.alertSetup.silences(clock.now())).map(presentSilence) };
};

export const createAlertSilence = async (
  ctx: Context,
  { ruleId, minutes, comment }: z.output<typeof createBody>,
): Promise<AlertSilenceDto> => {
  const actor = authorize(ctx, 'alerts:silence');
  const { store, clock } = ctx.house;
  const now = clock.now();
  const silence = await store.transaction(async (tx) => {
    const rule = ruleId === null ? null : await tx.alertSetup.rule(ruleId);
    if (ruleId !== null && rule === null) throw new ProblemError('not-found');
    const write = {
      ruleId,
      until: now + minutes * MINUTE_MS,
      comment,
      createdAt: now,
      createdBy: actor.name,
    };
    const made = await tx.alertSetup.createSilence(write);
    if (made.result === 'full') {
      const detail = `There may be ${made.max} silences; end one first.`;
      throw new ProblemError('limit-reached', { detail });
    }
    await writeAudit(tx, ctx, actor, {
      action: 'alert-silence.create',
      target: { kind: 'alert-silence', id: made.silence.id, name: rule?.name ?? ALL_RULES },
      after: presentSilence(made.silence),
    });
    return made.silence;
  });
  return presentSilence(silence);
};

export const deleteAlertSilence = async (ctx: Context, id: string): Promise<void> => {
  const actor = authorize(ctx, 'alerts:silence');
  await ctx.house.store.transaction(async (tx) => {
    const removed = await tx.alertSetup.removeSilence(id);
    if (removed === null) throw new ProblemError('not-found');
    const rule = removed.ruleId === null ? null : await tx.alertSetup.rule(removed.ruleId);
    await writeAudit(tx, ctx, actor, {
      action: 'alert-silence.delete',
      target: { kind: 'alert-silence', id, name: rule?.name ?? ALL_RULES },
      before: presentSilence(removed),
    });
  });
};
