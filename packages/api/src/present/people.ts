import type { ApiKeyDto, AuditEntryDto, Scope, SessionDto, UserDto } from '@gatehouse/contract';
import { SCOPES } from '@gatehouse/contract';
import type { ApiKey, AuditEntry, User } from '@gatehouse/ports';
import type { Caller } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { iso, isoOrNull } from './time.ts';

export const presentUser = (user: User): UserDto => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  enabled: user.enabled,
  totp: user.totp,
  hasPassword: user.hasPassword,
  createdAt: iso(user.createdAt),
  lastLoginAt: isoOrNull(user.lastLoginAt),
});

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

export const presentApiKey = (key: ApiKey): ApiKeyDto => ({
  id: key.id,
  name: key.name,
  role: key.role,
  scopes: key.scopes.filter(isScope),
  prefix: key.prefix,
  createdAt: iso(key.createdAt),
  createdBy: key.createdBy,
  expiresAt: isoOrNull(key.expiresAt),
  lastUsedAt: isoOrNull(key.lastUsedAt),
  lastUsedIp: key.lastUsedIp,
});

export const presentAuditEntry = (entry: AuditEntry): AuditEntryDto => ({
  id: entry.id,
  at: iso(entry.at),
  actor: entry.actor,
  action: entry.action,
  target: entry.target,
  before: entry.before ?? null,
  after: entry.after ?? null,
  ip: entry.ip,
  requestId: entry.requestId,
  hash: entry.hash,
});

/** Who asks, with the CSRF token when a person does. */
export const presentSession = (caller: Caller): SessionDto => {
  if (caller.kind === 'nobody') throw new ProblemError('unauthenticated');
  const person = caller.kind === 'user' ? caller : null;
  return {
    kind: person === null ? 'api-key' : 'user',
    user: person === null ? null : presentUser(person.user),
    name: caller.actor.name,
    role: caller.role,
    scopes: [...caller.scopes],
    csrfToken: person?.session.csrfToken ?? null,
    expiresAt: person === null ? null : iso(person.session.expiresAt),
    mustEnrol: person?.mustEnrol ?? false,
  };
};
