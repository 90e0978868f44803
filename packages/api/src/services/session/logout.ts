import { authorize, type Context, writeAudit } from '../../context.ts';

/** Ends the session on the server, and its live streams with it. A key or the command has no session to end. */
export const logout = async (ctx: Context): Promise<void> => {
  const actor = authorize(ctx, 'signed-in');
  if (ctx.caller.kind !== 'user') return;
  const { session, user } = ctx.caller;
  await ctx.house.store.transaction(async (tx) => {
    await tx.userSessions.remove(session.id);
    await writeAudit(tx, ctx, actor, {
      action: 'session.logout',
      target: { kind: 'user', id: user.id, name: user.email },
    });
  });
};
