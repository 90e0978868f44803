import { CONFIRMED_MS, type ConfirmationDto, type confirmBody } from '@gatehouse/contract';
import type { User } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorizePerson, type Context, writeAudit } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { proveCode, provePassword } from './prove.ts';

const present = (ctx: Context, confirmedAt: number, user: User): ConfirmationDto => ({
  needed: ctx.house.clock.now() - confirmedAt > CONFIRMED_MS,
  by: user.totp ? 'code' : user.hasPassword ? 'password' : 'provider',
  until: iso(confirmedAt + CONFIRMED_MS),
});

export const getConfirmation = (ctx: Context): ConfirmationDto => {
  const { session, user } = authorizePerson(ctx);
  return present(ctx, session.confirmedAt, user);
};

/** Notes in session and audit that the caller has proved who they are; when. */
export const noteConfirmed = async (ctx: Context): Promise<number> => {
  const { session, user, actor } = authorizePerson(ctx);
  const now = ctx.house.clock.now();
  await ctx.house.store.transaction(async (tx) => {
    await tx.userSessions.confirm(session.id, now);
    await writeAudit(tx, ctx, actor, {
      action: 'session.confirm',
      target: { kind: 'user', id: user.id, name: user.email },
    });
  });
  return now;
};

/** Notes that the person has proved to be themselves: by a code where they have an authenticator app, else by the password. */
export const confirmAccount = async (
  ctx: Context,
  input: z.output<typeof confirmBody>,
): Promise<ConfirmationDto> => {
  const { user } = authorizePerson(ctx);
  if (user.totp) {
    if (!('code' in input)) throw invalidField('code', 'give a code of the authenticator app');
    await proveCode(ctx, user, input.code);
  } else {
    if (!user.hasPassword) throw new ProblemError('no-password');
    if (!('password' in input)) throw invalidField('password', 'give your password');
    await provePassword(ctx, user, input.password);
  }
  return present(ctx, await noteConfirmed(ctx), user);
};
