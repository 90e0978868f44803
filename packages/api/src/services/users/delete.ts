import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { keepAnOwner } from './update.ts';

export const deleteUser = async (ctx: Context, id: string): Promise<void> => {
  const actor = authorize(ctx, 'users:write');
  await ctx.house.store.transaction(async (tx) => {
    const user = await tx.users.get(id);
    if (user === null) throw new ProblemError('not-found');
    await keepAnOwner(tx, user, false);
    await tx.userSessions.removeForUser(id);
    await tx.users.remove(id);
    await writeAudit(tx, ctx, actor, {
      action: 'user.delete',
      target: { kind: 'user', id, name: user.email },
      before: { email: user.email, name: user.name, role: user.role },
    });
  });
};
