import { randomUUID } from 'node:crypto';
import type {
  AlertChannelDto,
  AlertTestResultDto,
  createAlertChannel as createBody,
  updateAlertChannel as updateBody,
} from '@gatehouse/contract';
import type { StoredAlertChannel } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditAlertChannel, presentAlertChannel } from '../../present/alert.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { hasOf, NOTHING_BEFORE, openSecrets, sealTarget } from './secrets.ts';

const auditTarget = ({ id, name }: StoredAlertChannel) => ({ kind: 'alert-channel', id, name });

const presenter = async (ctx: Context) => {
  const waiting = await ctx.house.store.alerts.waiting();
  return (channel: StoredAlertChannel): AlertChannelDto =>
    presentAlertChannel(channel, hasOf(openSecrets(ctx.house.auth.box, channel)), waiting[channel.id] ?? 0);
};

export const listAlertChannels = async (ctx: Context) => {
  authorize(ctx, 'alerts:read');
  const [channels, present] = await Promise.all([ctx.house.store.alertSetup.channels(), presenter(ctx)]);
  return { items: channels.map(present) };
};

export const createAlertChannel = async (
  ctx: Context,
  { name, enabled, target }: z.output<typeof createBody>,
): Promise<AlertChannelDto> => {
  const actor = authorize(ctx, 'alerts:write');
  const { store, clock, auth } = ctx.house;
  const id = randomUUID();
  const sealed = sealTarget(auth.box, id, target, NOTHING_BEFORE);
  const channel = await store.transaction(async (tx) => {
    const write = { id, name, enabled, ...sealed, createdBy: actor.name };
    const made = await tx.alertSetup.createChannel(write, clock.now());
    if (made.result === 'full') {
      const detail = `There may be ${made.max} channels; delete one first.`;
      throw new ProblemError('limit-reached', { detail });
    }
    await writeAudit(tx, ctx, actor, {
      action: 'alert-channel.create',
      target: auditTarget(made.channel),
      after: auditAlertChannel(made.channel),
    });
    return made.channel;
  });
  return (await presenter(ctx))(channel);
};

export const updateAlertChannel = async (
  ctx: Context,
  id: string,
  input: z.output<typeof updateBody>,
  ifVersion: number | undefined,
): Promise<AlertChannelDto> => {
  const actor = authorize(ctx, 'alerts:write');
  const { store, clock, auth } = ctx.house;
  const channel = await store.transaction(async (tx) => {
    const before = await tx.alertSetup.channel(id);
    if (before === null) throw new ProblemError('not-found');
    if (input.target !== undefined && input.target.kind !== before.target.kind) {
      throw invalidField('target.kind', 'cannot be changed; make another channel');
    }
    const sealed =
      input.target === undefined
        ? { target: before.target, sealed: before.sealed }
        : sealTarget(auth.box, id, input.target, {
            target: before.target,
            secrets: openSecrets(auth.box, before),
          });
    const write = {
      name: input.name ?? before.name,
      enabled: input.enabled ?? before.enabled,
      ...sealed,
    };
    const result = await tx.alertSetup.updateChannel(id, write, ifVersion, clock.now());
    if (result.result === 'not-found') throw new ProblemError('not-found');
    if (result.result === 'version-mismatch') {
      const detail = `It has version ${result.current.version} now.`;
      throw new ProblemError('precondition-failed', { detail });
    }
    await writeAudit(tx, ctx, actor, {
      action: 'alert-channel.update',
      target: auditTarget(result.channel),
      before: auditAlertChannel(before),
      after: auditAlertChannel(result.channel),
    });
    return result.channel;
  });
  return (await presenter(ctx))(channel);
};

export const deleteAlertChannel = async (ctx: Context, id: string): Promise<void> => {
  const actor = authorize(ctx, 'alerts:write');
  await ctx.house.store.transaction(async (tx) => {
    const removed = await tx.alertSetup.removeChannel(id);
    if (removed === null) throw new ProblemError('not-found');
    await writeAudit(tx, ctx, actor, {
      action: 'alert-channel.delete',
      target: auditTarget(removed),
      before: auditAlertChannel(removed),
    });
  });
};

/** Sends a message to a channel now, whether it is enabled or not; the audit notes that somebody did. */
export const testAlertChannel = async (ctx: Context, id: string): Promise<AlertTestResultDto> => {
  const actor = authorize(ctx, 'alerts:write');
  const channel = await ctx.house.store.transaction(async (tx) => {
    const found = await tx.alertSetup.channel(id);
    if (found === null) throw new ProblemError('not-found');
    await writeAudit(tx, ctx, actor, { action: 'alert-channel.test', target: auditTarget(found) });
    return found;
  });
  const outcome = await ctx.house.alertTester.test(channel);
  return { ok: outcome.ok, failure: outcome.ok ? null : outcome.failure };
};
