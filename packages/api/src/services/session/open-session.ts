import { randomUUID } from 'node:crypto';
import type { Repositories, User, UserSession } from '@gatehouse/ports';
import { type Caller, type Context, userCaller, writeAudit } from '../../context.ts';
import type { ApiConfig } from '../../house.ts';
import { hashToken, randomToken } from '../../security/tokens.ts';

/** `__Host-` binds the cookie to this host, TLS and the root path; browsers take loopback as secure. */
export const sessionCookieName = (config: Pick<ApiConfig, 'insecure'>): string =>
  config.insecure === true ? 'gatehouse' : '__Host-gatehouse';

export interface OpenedSession {
  readonly caller: Caller;
  /** For the cookie; nothing but its hash is stored. */
  readonly token: string;
}

/**
 * Opens a session with a new token and notes the login, with the issuer where an identity provider vouched for it. The
 * session that the request came with ends: tokens rotate.
 */
export const openSession = async (
  tx: Repositories,
  ctx: Context,
  user: User,
  issuer?: string,
): Promise<OpenedSession> => {
  const now = ctx.house.clock.now();
  const token = randomToken();
  const session: UserSession = {
    id: randomUUID(),
    userId: user.id,
    csrfToken: randomToken(),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + ctx.house.config.sessions.absoluteMs,
    // Signing in is a proof as good as any.
    confirmedAt: now,
    ip: ctx.ip,
    userAgent: ctx.userAgent,
  };
  if (ctx.caller.kind === 'user') await tx.userSessions.remove(ctx.caller.session.id);
  await tx.userSessions.create({ ...session, tokenHash: hashToken(token) });
  await tx.users.touchLogin(user.id, now);
  const caller = userCaller(ctx.house.config, { ...user, lastLoginAt: now }, session);
  await writeAudit(
    tx,
    ctx,
    { kind: 'user', id: user.id, name: user.name },
    {
      action: 'session.login',
      target: { kind: 'user', id: user.id, name: user.email },
      ...(issuer === undefined ? {} : { after: { issuer } }),
    },
  );
  return { caller, token };
};
