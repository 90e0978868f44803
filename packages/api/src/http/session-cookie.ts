import type { FastifyReply } from 'fastify';
import type { ApiConfig } from '../house.ts';
import { sessionCookieName } from '../services/session/open-session.ts';

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
