import { z } from 'zod';
import { isoTime, pageLimit, pageOf, queryBoolean, sortOf, textFilter } from './common.ts';

export const CREDENTIAL_SORT_FIELDS = [
  'name',
  'username',
  'clientId',
  'createdAt',
  'updatedAt',
  'lastUsedAt',
  'expiresAt',
] as const;

export const aclRule = z
  .object({
    permission: z.enum(['allow', 'deny']),
    action: z.enum(['publish', 'subscribe', 'all']),
    /** MQTT topic filter; `%u %c ${username} ${clientid}` stand for one literal level. */
    topic: z.string().min(1).max(1024),
    literal: z.boolean().optional(),
  })
  .strict();
export type AclRuleDto = z.infer<typeof aclRule>;

const identity = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => !text.includes('\u0000'), 'must not contain U+0000');
const password = z.string().min(1).max(1024);

const credentialFields = {
  name: z.string().trim().min(1).max(200),
  username: identity.nullable(),
  clientId: identity.nullable(),
  passwordless: z.boolean(),
  superuser: z.boolean(),
  enabled: z.boolean(),
  expiresAt: isoTime.nullable(),
  description: z.string().max(2000),
  tags: z.array(z.string().trim().min(1).max(64)).max(32),
  rules: z.array(aclRule).max(200),
};

export const credential = z.object({
  id: z.string(),
  version: z.number().int(),
  type: z.literal('basic'),
  ...credentialFields,
  hasSecret: z.boolean(),
  hashFormat: z.string().nullable(),
  secretKind: z.enum(['generated', 'chosen', 'imported']).nullable(),
  previousSecretValidUntil: isoTime.nullable(),
  secretChangedAt: isoTime.nullable(),
  createdAt: isoTime,
  updatedAt: isoTime,
  lastUsedAt: isoTime.nullable(),
  lastUsedIp: z.string().nullable(),
  liveSessions: z.number().int(),
  source: z.enum(['api', 'file']),
  /** Why the stored record cannot be read: it admits nobody until that part is written anew, or it is deleted. */
  unparsable: z.string().nullable().optional(),
});
export type CredentialDto = z.infer<typeof credential>;

/** Answer of create and of a new secret: the only time the secret is told. */
export const credentialWithSecret = credential.extend({ secret: z.string().optional() });
export type CredentialWithSecretDto = z.infer<typeof credentialWithSecret>;

/** At least one of username and clientId. `password`: chosen; absent: generated, unless `passwordless` or `passwordHash`. */
export const createCredential = z
  .object({
    name: credentialFields.name.optional(),
    username: identity.nullish(),
    clientId: identity.nullish(),
    password: password.optional(),
    passwordHash: z.string().min(1).max(2048).optional(),
    passwordless: z.boolean().default(false),
    superuser: z.boolean().default(false),
    enabled: z.boolean().default(true),
    expiresAt: isoTime.nullish(),
    description: credentialFields.description.default(''),
    tags: credentialFields.tags.default([]),
    /** Absent: the default rules (publish and subscribe everything outside `$`). Empty: allows nothing. */
    rules: credentialFields.rules.optional(),
  })
  .strict()
  .refine((body) => (body.username ?? null) !== null || (body.clientId ?? null) !== null, {
    message: 'give a username, a client ID, or both',
    path: ['username'],
  })
  .refine((body) => !(body.password !== undefined && body.passwordHash !== undefined), {
    message: 'give password or passwordHash, not both',
    path: ['passwordHash'],
  })
  .refine(
    (body) => !(body.passwordless && (body.password !== undefined || body.passwordHash !== undefined)),
    {
      message: 'a passwordless credential has no password',
      path: ['passwordless'],
    },
  );
export type CreateCredential = z.input<typeof createCredential>;

export const updateCredential = z.object(credentialFields).partial().strict();
export type UpdateCredential = z.input<typeof updateCredential>;

/** `password` absent: generated. `keepPreviousForSeconds`: how long the old one still works (rotation). */
export const newSecret = z
  .object({
    password: password.optional(),
    keepPreviousForSeconds: z
      .number()
      .int()
      .min(0)
      .max(30 * 86_400)
      .default(0),
  })
  .strict();

/** Accept the previous secret (again) for this long. */
export const acceptPrevious = z
  .object({
    forSeconds: z
      .number()
      .int()
      .min(60)
      .max(7 * 86_400)
      .default(86_400),
  })
  .strict();

export const credentialsFilterShape = {
  search: z.string().min(1).max(256).optional(),
  name: textFilter.optional(),
  username: textFilter.optional(),
  clientId: textFilter.optional(),
  enabled: queryBoolean.optional(),
  superuser: queryBoolean.optional(),
  expired: queryBoolean.optional(),
  tag: z.string().max(64).optional(),
};
export const credentialsExportQuery = z.object(credentialsFilterShape).strict();
export const credentialsListQuery = z
  .object({
    ...credentialsFilterShape,
    limit: pageLimit,
    cursor: z.string().max(2048).optional(),
    sort: sortOf(CREDENTIAL_SORT_FIELDS, '-createdAt'),
  })
  .strict();
export const credentialsPage = pageOf(credential);

export const credentialIds = z.object({ ids: z.array(z.string().max(64)).min(1).max(10_000) }).strict();

export const credentialTags = z.object({ items: z.array(z.string()) });
export const setEnabledBody = credentialIds.extend({ enabled: z.boolean() }).strict();
/** Answers of the bulk calls: how many of the ids there were. */
export const affected = z.object({ affected: z.number().int() });
export const deletedCount = z.object({ deleted: z.number().int() });

/** One row of an import, as interfaces.md names its fields. */
export const importRow = z
  .object({
    name: z.string().max(200).optional(),
    username: identity.optional(),
    client_id: identity.optional(),
    password: password.optional(),
    password_hash: z.string().max(2048).optional(),
    superuser: z.boolean().optional(),
    enabled: z.boolean().optional(),
    expires_at: isoTime.optional(),
    description: z.string().max(2000).optional(),
    tags: z.array(z.string()).optional(),
    publish: z.array(z.string()).optional(),
    subscribe: z.array(z.string()).optional(),
  })
  .strict();
export const importQuery = z
  .object({
    dryRun: queryBoolean.default(false),
    onExisting: z.enum(['skip', 'update', 'fail']).default('fail'),
  })
  .strict();
export const importResult = z.object({
  dryRun: z.boolean(),
  created: z.number().int(),
  updated: z.number().int(),
  skipped: z.number().int(),
  errors: z.array(z.object({ row: z.number().int(), field: z.string(), message: z.string() })),
});
