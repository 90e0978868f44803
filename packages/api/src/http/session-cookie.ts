import type { FastifyReply } from 'fastify';
import type { ApiConfig } from '../house.ts';
import { sessionCookieName } from '../services/session/open-session.ts';
import { PENDING_MS } from '../services/sso/pending.ts';

const attributes = (config: ApiConfig) => ({
  path: '/',
  httpOnly: true,
  secure: config.insecure !== true,
  sameSite: 'strict' as const,
});

export const setSessionCookie = (reply: FastifyReply, config: ApiConfig, token: string): void => {
  reply.setCookie(sessionCookieName(config), token, {
    ...attributes(config),
    maxAge: config.sessions.absoluteMs / 1000,
  });
};

export const clearSessionCookie = (reply: FastifyReply, config: ApiConfig): void => {
  reply.clearCookie(sessionCookieName(config), attributes(config));
};

/** What was begun at the identity provider. Strict too: it is the console's own page that takes the answer on. */
export const ssoCookieName = (config: ApiConfig): string => `${sessionCookieName(config)}-sso`;

export const setSsoCookie = (reply: FastifyReply, config: ApiConfig, sealed: string): void => {
  reply.setCookie(ssoCookieName(config), sealed, { ...attributes(config), maxAge: PENDING_MS / 1000 });
};

export const clearSsoCookie = (reply: FastifyReply, config: ApiConfig): void => {
  reply.clearCookie(ssoCookieName(config), attributes(config));
};
