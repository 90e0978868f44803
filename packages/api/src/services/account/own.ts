import { Secret } from '@gatehouse/auth-core';
import type { AccountDto, changePassword as changeBody, UserDto } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorizePerson, type Context, writeAudit } from '../../context.ts';
import { presentUser } from '../../present/people.ts';
import { iso, isoOrNull } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { checkPassword } from '../../security/check-password.ts';
import { provePassword } from './prove.ts';

export const getAccount = async (ctx: Context): Promise<AccountDto> => {
  const { user } = authorizePerson(ctx);
  const { recoveryCodes } = await ctx.house.store.users.secondFactor(user.id);
  const identity = (await ctx.house.store.userIdentities.list(user.id)).at(-1);
  const required = ctx.house.config.totpRoles.includes(user.role) && user.hasPassword;
  return {
    user: presentUser(user),
    secondFactor: { enrolled: user.totp, required, recoveryCodesLeft: recoveryCodes },
    identity:
      identity === undefined
        ? null
        : {
            issuer: identity.issuer,
            subject: identity.subject,
            email: identity.email,
            linkedAt: iso(identity.linkedAt),
            lastUsedAt: isoOrNull(identity.lastUsedAt),
          },
  };
};

export const updateAccount = async (ctx: Context, { name }: { readonly name: string }): Promise<UserDto> => {
  const { user, actor } = authorizePerson(ctx);
  return ctx.house.store.transaction(async (tx) => {
    const after = await tx.users.update(user.id, { name }, ctx.house.clock.now());
    if (after === null) throw new ProblemError('not-found');
    await writeAudit(tx, ctx, actor, {
      action: 'account.update',
      target: { kind: 'user', id: user.id, name: user.email },
      before: { name: user.name },
      after: { name },
    });
    return presentUser(after);
  });
};

/** Asks for the current password, whatever was proved before, and ends every other session of the person (ASVS 7.4.3). */
export const changePassword = async (
  ctx: Context,
  input: z.output<typeof changeBody>,
): Promise<{ ended: number }> => {
  const { user, session, actor } = authorizePerson(ctx);
  const { store, hasher, clock } = ctx.house;
  if (!user.hasPassword) throw new ProblemError('no-password');
  checkPassword(input.newPassword, [user.email, user.name], 'newPassword');
  await provePassword(ctx, user, input.password);
  const { hash } = await hasher.hashChosen(new Secret(input.newPassword));
  return store.transaction(async (tx) => {
    await tx.users.update(user.id, { passwordHash: hash }, clock.now());
    const ended = await tx.userSessions.removeForUser(user.id, session.id);
    await writeAudit(tx, ctx, actor, {
      action: 'account.change-password',
      target: { kind: 'user', id: user.id, name: user.email },
      after: { sessionsEnded: ended },
    });
    return { ended };
  });
};
