import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';

/** Takes the authenticator app of somebody else off who has lost it; whatever was signed in with it ends. */
export const resetUserTotp = async (ctx: Context, id: string): Promise<void> => {
  const actor = authorize(ctx, 'users:write');
  await ctx.house.store.transaction(async (tx) => {
    const user = await tx.users.get(id);
    if (user?.totp !== true) throw new ProblemError('not-found');
    await tx.users.setSecondFactor(id, null);
    const sessionsEnded = await tx.userSessions.removeForUser(id);
    await writeAudit(tx, ctx, actor, {
      action: 'user.reset-totp',
      target: { kind: 'user', id, name: user.email },
      before: { totp: true },
      after: { totp: false, sessionsEnded },
    });
  });
};
