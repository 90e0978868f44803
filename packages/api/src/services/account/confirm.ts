import { CONFIRMED_MS, type ConfirmationDto, type confirmBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorizePerson, type Context, writeAudit } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { invalidField } from '../../problem.ts';
import { proveCode, provePassword } from './prove.ts';

const present = (ctx: Context, confirmedAt: number, totp: boolean): ConfirmationDto => ({
  needed: ctx.house.clock.now() - confirmedAt > CONFIRMED_MS,
  by: totp ? 'code' : 'password',
  until: iso(confirmedAt + CONFIRMED_MS),
});

export const getConfirmation = (ctx: Context): ConfirmationDto => {
  const { session, user } = authorizePerson(ctx);
  return present(ctx, session.confirmedAt, user.totp);
};

/** Notes that the person has proved to be themselves: by a code where they have an authenticator app, else by the password. */
export const confirmAccount = async (
  ctx: Context,
  input: z.output<typeof confirmBody>,
): Promise<ConfirmationDto> => {
  const { session, user, actor } = authorizePerson(ctx);
  if (user.totp) {
    if (!('code' in input)) throw invalidField('code', 'give a code of the authenticator app');
    await proveCode(ctx, user, input.code);
  } else {
    if (!('password' in input)) throw invalidField('password', 'give your password');
    await provePassword(ctx, user, input.password);
  }
  const now = ctx.house.clock.now();
  await ctx.house.store.transaction(async (tx) => {
    await tx.userSessions.confirm(session.id, now);
    await writeAudit(tx, ctx, actor, {
      action: 'session.confirm',
      target: { kind: 'user', id: user.id, name: user.email },
    });
  });
  return present(ctx, now, user.totp);
};
