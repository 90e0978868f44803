import { z } from 'zod';
import { isoTime, pageLimit, pageOf, sortOf } from './common.ts';
import { PASSWORD_CHARS } from './passwords/chars.ts';
import { PASSWORD_FAULTS } from './passwords/rules.ts';
import { ROLES, SCOPES } from './roles.ts';

const email = z.email().max(254);
/** At least 12 characters, no composition rules (ASVS 6.2); the service also refuses common ones. */
export const newPassword = z
  .string()
  .min(PASSWORD_CHARS.min, PASSWORD_FAULTS.short)
  .max(PASSWORD_CHARS.max, PASSWORD_FAULTS.long);
export const personName = z.string().trim().min(1).max(100);

export const setupStatus = z.object({ needed: z.boolean() });
export const setupBody = z
  .object({
    token: z.string().min(1).max(256),
    email,
    name: personName,
    password: newPassword,
  })
  .strict();

/** A one-time link's secret for `gatehouse owner`; the console takes it in the fragment of `/setup#TOKEN`. */
export const setupLink = z.object({ token: z.string(), expiresAt: isoTime });

/** `code`: of the authenticator app, or a recovery code; asked for by the problem `code-needed`. */
export const loginBody = z
  .object({
    email: z.string().min(1).max(254),
    password: z.string().min(1).max(256),
    code: z.string().min(1).max(64).optional(),
  })
  .strict();

export const user = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  enabled: z.boolean(),
  /** Signs in with an authenticator app too. */
  totp: z.boolean(),
  /** False: signs in at the identity provider only. */
  hasPassword: z.boolean(),
  createdAt: isoTime,
  lastLoginAt: isoTime.nullable(),
});
export type UserDto = z.infer<typeof user>;

/** Who is asking: a signed-in person (with the CSRF token to send as `X-CSRF-Token` on writes) or an API key. */
export const session = z.object({
  kind: z.enum(['user', 'api-key']),
  user: user.nullable(),
  name: z.string(),
  role: z.enum(ROLES),
  scopes: z.array(z.enum(SCOPES)),
  csrfToken: z.string().nullable(),
  expiresAt: isoTime.nullable(),
  /** The role demands a second factor that is not there yet: nothing but setting it up is allowed. */
  mustEnrol: z.boolean(),
});
export type SessionDto = z.infer<typeof session>;

export const createUser = z
  .object({ email, name: personName, role: z.enum(ROLES), password: newPassword })
  .strict();
export const updateUser = z
  .object({
    name: z.string().trim().min(1).max(100),
    role: z.enum(ROLES),
    enabled: z.boolean(),
    password: newPassword,
  })
  .partial()
  .strict();
export const userList = z.object({ items: z.array(user) });

export const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['viewer', 'operator', 'admin']),
  scopes: z.array(z.enum(SCOPES)),
  prefix: z.string(),
  createdAt: isoTime,
  createdBy: z.string(),
  expiresAt: isoTime.nullable(),
  lastUsedAt: isoTime.nullable(),
  lastUsedIp: z.string().nullable(),
});
export type ApiKeyDto = z.infer<typeof apiKey>;
export const createApiKey = z
  .object({
    name: z.string().trim().min(1).max(100),
    role: z.enum(['viewer', 'operator', 'admin']),
    scopes: z.array(z.enum(SCOPES)).default([]),
    expiresAt: isoTime.nullish(),
  })
  .strict();
/** The only time the key is told. */
export const createdApiKey = apiKey.extend({ key: z.string() });
export const apiKeyList = z.object({ items: z.array(apiKey) });

export const auditEntry = z.object({
  id: z.string(),
  at: isoTime,
  actor: z.object({ kind: z.enum(['user', 'api-key', 'cli', 'system']), id: z.string(), name: z.string() }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string(), name: z.string() }).nullable(),
  before: z.unknown(),
  after: z.unknown(),
  ip: z.string(),
  requestId: z.string(),
  hash: z.string(),
});
export type AuditEntryDto = z.infer<typeof auditEntry>;
/** `target`: `kind:id`, or an id alone. `actor`: an id. `named`: actions that `search` finds as well, for it knows their codes alone. */
const auditFilterShape = {
  action: z.string().max(64).optional(),
  actor: z.string().max(64).optional(),
  target: z.string().max(256).optional(),
  search: z.string().max(256).optional(),
  named: z.string().max(8_192).optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
};
export const auditExportQuery = z.object(auditFilterShape).strict();
export const auditQuery = z
  .object({
    ...auditFilterShape,
    limit: pageLimit,
    cursor: z.string().max(2048).optional(),
    sort: sortOf(['at'] as const, '-at'),
  })
  .strict();
export const auditPage = pageOf(auditEntry);
export const auditVerification = z.object({
  entries: z.number().int(),
  intact: z.boolean(),
  brokenAt: z.string().nullable(),
});
