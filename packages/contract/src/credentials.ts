import { z } from 'zod';
import { aclRule } from './acl-rule.ts';
import { isoTime, pageLimit, pageOf, queryBoolean, sortOf, textFilter } from './common.ts';
import {
  credentialType,
  pskIdentity,
  pskKey,
  RULES_MAX,
  rulesByCn,
  typedFacts,
  x509Fields,
  x509Match,
} from './credential-types.ts';

export const CREDENTIAL_SORT_FIELDS = [
  'name',
  'username',
  'clientId',
  'createdAt',
  'updatedAt',
  'lastUsedAt',
  'expiresAt',
] as const;

export { aclRule, type AclRuleDto } from './acl-rule.ts';

/** A username or a client ID. */
export const clientName = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => !text.includes('\u0000'), 'must not contain U+0000');
export const chosenPassword = z.string().min(1).max(1024);

const credentialFields = {
  name: z.string().trim().min(1).max(200),
  username: clientName.nullable(),
  clientId: clientName.nullable(),
  passwordless: z.boolean(),
  superuser: z.boolean(),
  enabled: z.boolean(),
  expiresAt: isoTime.nullable(),
  description: z.string().max(2000),
  tags: z.array(z.string().trim().min(1).max(64)).max(32),
  rules: z.array(aclRule).max(RULES_MAX),
};

export const credential = z.object({
  id: z.string(),
  version: z.number().int(),
  type: credentialType,
  ...credentialFields,
  ...typedFacts,
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

/** What credentials of all types are made with. */
const common = {
  name: credentialFields.name.optional(),
  superuser: z.boolean().default(false),
  enabled: z.boolean().default(true),
  expiresAt: isoTime.nullish(),
  description: credentialFields.description.default(''),
  tags: credentialFields.tags.default([]),
  /** Absent: the default rules (publish and subscribe everything outside `$`). Empty: allows nothing. */
  rules: credentialFields.rules.optional(),
};

/** At least one of username and clientId. `password`: chosen; absent: generated, unless `passwordless` or `passwordHash`. */
const createBasic = z
  .strictObject({
    /** Absent: basic. */
    type: z.literal('basic').optional(),
    ...common,
    username: clientName.nullish(),
    clientId: clientName.nullish(),
    password: chosenPassword.optional(),
    passwordHash: z.string().min(1).max(2048).optional(),
    passwordless: z.boolean().default(false),
  })
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

/** A certificate that leads to the listener's CA and matches. `rules` absent beside `rulesByCn`: those alone. */
const createX509 = z.strictObject({
  type: z.literal('x509'),
  ...common,
  match: x509Match,
  rulesByCn: rulesByCn.nullish(),
  skipValidity: z.boolean().default(false),
});

/** `password` absent: generated. With `clientId` it admits that client ID alone. */
const createScram = z.strictObject({
  type: z.literal('scram'),
  ...common,
  username: clientName,
  clientId: clientName.nullish(),
  password: chosenPassword.optional(),
});

/** `key`: hexadecimal; absent: 256 bits are generated. */
const createPsk = z.strictObject({
  type: z.literal('psk'),
  ...common,
  identity: pskIdentity,
  key: pskKey.optional(),
});

export const createCredential = z.discriminatedUnion('type', [
  createBasic,
  createX509,
  createScram,
  createPsk,
]);
export type CreateCredential = z.input<typeof createCredential>;

/** `x509` and `psk` are for credentials of that type alone; what of `x509` is not given stays. */
export const updateCredential = z
  .object({
    ...credentialFields,
    x509: z.strictObject(x509Fields).partial(),
    psk: z.strictObject({ identity: pskIdentity }),
  })
  .partial()
  .strict();
export type UpdateCredential = z.input<typeof updateCredential>;

/**
 * `password` (of a pre-shared key `key`) absent: generated. `keepPreviousForSeconds`: how long the old one still works
 * (rotation); a pre-shared key has no such time, for a handshake asks for one key.
 */
export const newSecret = z
  .object({
    password: chosenPassword.optional(),
    key: pskKey.optional(),
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
  type: credentialType.optional(),
  name: textFilter.optional(),
  username: textFilter.optional(),
  clientId: textFilter.optional(),
  /** What a credential that is not basic is found by: `cn:…`, `fingerprint:…`, a SCRAM username, a PSK identity. */
  identity: textFilter.optional(),
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

export const importQuery = z
  .object({
    dryRun: queryBoolean.default(false),
    onExisting: z.enum(['skip', 'update', 'fail']).default('fail'),
  })
  .strict();
/** What is wrong with one field of one row; `field` is empty where it is about the whole row. */
const importError = z.object({ row: z.number().int(), field: z.string(), message: z.string() });
export const importResult = z.object({
  dryRun: z.boolean(),
  /** What `row` of an error counts, from 1: lines of the CSV, header and all, or entries of the JSON array. */
  rowsAre: z.enum(['lines', 'entries']),
  created: z.number().int(),
  updated: z.number().int(),
  skipped: z.number().int(),
  /** Rows that make a credential without a secret, which admits nobody until one is set: how many, and the first of them. */
  withoutSecret: z.object({ count: z.number().int(), rows: z.array(z.number().int()) }),
  errors: z.array(importError),
});
export type ImportResultDto = z.infer<typeof importResult>;
