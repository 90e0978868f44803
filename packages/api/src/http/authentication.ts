import type { ApiKey } from '@gatehouse/ports';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { apiKeyCaller, checkAccess, CLI_CALLER, type Caller, type Context, userCaller } from '../context.ts';
import type { House } from '../house.ts';
import { ProblemError } from '../problem.ts';
import { API_KEY_PREFIX, hashToken, sameText } from '../security/tokens.ts';
import { sessionCookieName } from '../services/session/open-session.ts';
import { checkOrigin } from './origin.ts';

declare module 'fastify' {
  interface FastifyRequest {
    gatehouse: Context | null;
  }
}

const USER_AGENT_CHARS_MAX = 256;
/** Sent by a page that asks by itself while nobody touches it: that is no activity, and a session may grow idle. */
const IDLE_HEADER = 'x-gatehouse-idle';
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The context that `authenticate` has set; asking before that is a defect of ours. */
export const contextOf = (request: FastifyRequest): Context => {
  if (request.gatehouse === null) throw new Error('the request has not been authenticated');
  return request.gatehouse;
};

/** The client's address: X-Forwarded-For only through trusted proxies, IPv4-mapped addresses as IPv4. */
const clientIp = (request: FastifyRequest): string => {
  for (const candidate of [request.ip, request.raw.socket.remoteAddress ?? '']) {
    if (ipaddr.isValid(candidate)) return ipaddr.process(candidate).toString();
  }
  return '';
};

/** Where EMQX's scripts come, with Basic auth: the application's secret is an API key, its ID may be any. */
const EMQX_PATH = '/api/v4/';

const bearerOf = (request: FastifyRequest): string | undefined => {
  const header = request.headers.authorization ?? '';
  if (request.url.startsWith(EMQX_PATH)) {
    const basic = /^Basic ([\w+/=-]{1,1024})$/i.exec(header)?.[1];
    const text = basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8');
    const secret = /^[^:]*:([\w-]{1,256})$/.exec(text)?.[1];
    if (secret !== undefined) return secret;
  }
  return /^Bearer ([\w-]{1,256})$/i.exec(header)?.[1];
};

const findKey = async (house: House, token: string): Promise<ApiKey | null> => {
  if (!token.startsWith(API_KEY_PREFIX)) return null;
  const key = await house.store.apiKeys.findByHash(hashToken(token));
  if (key === null || key.expiresAt === null) return key;
  return key.expiresAt > house.clock.now() ? key : null;
};

/** The session of a token, if it is neither idle too long nor too old and its person may still sign in. */
const findSession = async (house: House, token: string) => {
  const found = await house.store.userSessions.findByTokenHash(hashToken(token));
  const now = house.clock.now();
  if (found === null || !found.user.enabled || found.session.expiresAt <= now) return null;
  const lastUse = house.lastUses.at({ id: found.session.id, at: found.session.lastSeenAt });
  return now - lastUse > house.config.sessions.idleMs ? null : found;
};

const sessionToken = (house: House, request: FastifyRequest): string | undefined =>
  request.cookies[sessionCookieName(house.config)];

const callerOf = async (
  house: House,
  request: FastifyRequest,
  ip: string,
  controlKey: string,
): Promise<Caller> => {
  const { store, lastUses } = house;
  if (request.headers.authorization !== undefined) {
    const bearer = bearerOf(request) ?? '';
    if (sameText(bearer, controlKey)) return CLI_CALLER;
    const key = await findKey(house, bearer);
    if (key === null) return { kind: 'nobody' };
    lastUses.note({ id: key.id, at: key.lastUsedAt }, (now) => store.apiKeys.touch(key.id, now, ip));
    return apiKeyCaller(key);
  }
  const token = sessionToken(house, request);
  const found = token === undefined ? null : await findSession(house, token);
  if (found === null) return { kind: 'nobody' };
  const { id, lastSeenAt } = found.session;
  if (request.headers[IDLE_HEADER] === undefined)
    lastUses.note({ id, at: lastSeenAt }, (now) => store.userSessions.touch(id, now));
  return userCaller(house.config, found.user, found.session);
};

/** May whoever opened a long answer go on reading it? Looks without counting as activity. */
export const isStillSignedIn = async (house: House, request: FastifyRequest): Promise<boolean> => {
  const { caller } = contextOf(request);
  if (caller.kind === 'cli') return true;
  if (caller.kind === 'api-key') return (await findKey(house, bearerOf(request) ?? '')) !== null;
  const token = sessionToken(house, request);
  return token !== undefined && (await findSession(house, token)) !== null;
};

const checkCsrf = (request: FastifyRequest, caller: Caller): void => {
  if (caller.kind !== 'user') return;
  const header = request.headers['x-csrf-token'];
  if (typeof header !== 'string' || !sameText(header, caller.session.csrfToken))
    throw new ProblemError('csrf-failed');
};

/**
 * Finds out who asks, before the body is read, and refuses whoever may not. A write needs the console's Origin, and
 * with a cookie the session's CSRF token too; a key in the header needs neither, because no browser sends it by itself.
 */
export const addAuthentication = (app: FastifyInstance, house: House, controlKey: string): void => {
  app.decorateRequest('gatehouse', null);
  app.addHook('onRequest', async (request) => {
    const ip = clientIp(request);
    const caller = await callerOf(house, request, ip, controlKey);
    const userAgent = (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_CHARS_MAX);
    request.gatehouse = { house, caller, ip, userAgent, requestId: request.id };
    if (request.is404) return;
    const access = request.routeOptions.config.access;
    if (access === undefined) throw new ProblemError('forbidden');
    checkAccess(caller, access);
    if (SAFE_METHODS.has(request.method)) return;
    if (caller.kind === 'api-key' || caller.kind === 'cli') return;
    checkOrigin(request, house.config.consoleOrigins(), caller.kind === 'user');
    if (access !== 'public') checkCsrf(request, caller);
  });
};
