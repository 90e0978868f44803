import type { AccountSessionDto } from '@gatehouse/contract';
import type { UserSession } from '@gatehouse/ports';
import { authorizePerson, type Context, writeAudit } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { describeUserAgent } from '../../security/user-agent.ts';

/** Sessions shown; the least recently used beyond it end by themselves. */
const SESSIONS_SHOWN_MAX = 100;

export const listAccountSessions = async (ctx: Context): Promise<{ items: AccountSessionDto[] }> => {
  const { user, session: current } = authorizePerson(ctx);
  const { store, clock, config, lastUses } = ctx.house;
  const now = clock.now();
  const usedAt = (one: UserSession) => lastUses.at({ id: one.id, at: one.lastSeenAt });
  const open = (await store.userSessions.listForUser(user.id)).filter(
    (one) => one.expiresAt > now && now - usedAt(one) <= config.sessions.idleMs,
  );
  const items = open.slice(0, SESSIONS_SHOWN_MAX).map((one) => ({
    id: one.id,
    current: one.id === current.id,
    createdAt: iso(one.createdAt),
    lastSeenAt: iso(usedAt(one)),
    expiresAt: iso(one.expiresAt),
    ip: one.ip,
    ...describeUserAgent(one.userAgent),
  }));
  return { items };
};

/** Ends one session of the caller's; those of others are not there for them. */
export const endAccountSession = async (ctx: Context, id: string): Promise<void> => {
  const { user, actor } = authorizePerson(ctx);
  await ctx.house.store.transaction(async (tx) => {
    const own = (await tx.userSessions.listForUser(user.id)).find((one) => one.id === id);
    if (own === undefined) throw new ProblemError('not-found');
    await tx.userSessions.remove(id);
    await writeAudit(tx, ctx, actor, {
      action: 'session.end',
      target: { kind: 'user', id: user.id, name: user.email },
      before: { ip: own.ip, ...describeUserAgent(own.userAgent) },
    });
  });
};

export const endOtherSessions = async (ctx: Context): Promise<{ ended: number }> => {
  const { user, session, actor } = authorizePerson(ctx);
  return ctx.house.store.transaction(async (tx) => {
    const ended = await tx.userSessions.removeForUser(user.id, session.id);
    await writeAudit(tx, ctx, actor, {
      action: 'session.end-others',
      target: { kind: 'user', id: user.id, name: user.email },
      after: { sessionsEnded: ended },
    });
    return { ended };
  });
};
