import { isTopicFilter, Secret } from '@gatehouse/auth-core';
import { CREDENTIAL_TYPES, pskIdentity, pskKey } from '@gatehouse/contract/credential-types';
import { fieldProblems } from '@gatehouse/contract/import-row';
import { z } from 'zod';

const NO_TOPIC_FILTER = 'no topic filter: + and # stand alone between slashes, and # comes last';

/** One rule of a credential. */
export const aclRule = z
  .strictObject({
    permission: z.enum(['allow', 'deny']).describe('What the rule does.'),
    action: z.enum(['publish', 'subscribe', 'all']).describe('What it is about.'),
    topic: z
      .string()
      .min(1)
      .max(1024)
      .describe('MQTT topic filter; `%u`, `%c`, `${username}`, `${clientid}` stand for one level.'),
    literal: z.boolean().optional().describe('Compare the topic as it is, without wildcards.'),
  })
  .refine(({ topic, literal }) => literal === true || isTopicFilter(topic), {
    path: ['topic'],
    error: NO_TOPIC_FILTER,
  });

const identity = z.string().min(1).max(1024);
const topics = z
  .array(z.string().min(1).max(1024).refine(isTopicFilter, { error: NO_TOPIC_FILTER }))
  .max(200);
const matched = (doc: string) => z.string().min(1).max(2048).optional().describe(doc);
const secret = (schema: z.ZodType<string>, doc: string) =>
  schema
    .transform((text) => new Secret(text))
    .optional()
    .describe(doc)
    .meta({ secret: true });

/** What only credentials of one type have. */
const typedFields = {
  type: z.enum(CREDENTIAL_TYPES).default('basic').describe('What the client proves itself by.'),
  username: identity.optional().describe('Username it speaks for; `basic`, `scram`.'),
  client_id: identity.optional().describe('Client ID it speaks for; `basic`, `scram`.'),
  password: secret(
    z.string().min(1).max(1024),
    'Password in plain text; `basic` (prefer `password_hash`), `scram`.',
  ),
  password_hash: secret(z.string().min(1).max(2048), 'Any self-describing hash; `basic`.'),
  cn: matched('Common name of the certificate, exactly; `x509` has one of these names.'),
  cn_pattern: matched('RE2 expression that the whole common name matches.'),
  san_dns: matched('A DNS name among its alternative names.'),
  san_uri: matched('A URI among them.'),
  san_email: matched('A mail address among them.'),
  fingerprint: matched('SHA-256 of the certificate.'),
  issuer: matched('Its issuer as RFC 4514 writes it; with `serial`.'),
  serial: matched('Its serial number in hexadecimal; with `issuer`.'),
  skip_validity: z
    .boolean()
    .optional()
    .describe('Admit expired certificates on a listener with `reject: chain`; `x509`.'),
  rules_by_cn: z
    .array(
      z.strictObject({
        pattern: z.string().min(1).max(512).describe('RE2 expression that the whole common name matches.'),
        rules: z.array(aclRule).max(200).describe('What those may do.'),
      }),
    )
    .max(1_000)
    .optional()
    .describe('Access rules by common name; `x509`.'),
  identity: pskIdentity.optional().describe('Identity of the pre-shared key; `psk`.'),
  psk_key: secret(pskKey, 'The key, hexadecimal, 16 to 512 bytes; `psk`.'),
};

/** An item of `auth.bootstrap_credentials`: the fields of an import. */
export const bootstrapCredential = z
  .strictObject({
    name: z.string().min(1).max(200).optional().describe('Name in the list; default: the identity.'),
    ...typedFields,
    superuser: z.boolean().default(false).describe('Skips all access rules.'),
    enabled: z.boolean().default(true).describe('Whether it admits anyone.'),
    expires_at: z.iso.datetime({ offset: true }).optional().describe('When it stops admitting, ISO 8601.'),
    description: z.string().max(2000).default('').describe('Free text.'),
    tags: z.array(z.string().min(1).max(64)).max(32).default([]).describe('Labels.'),
    publish: topics
      .optional()
      .describe('Topic filters it may publish to. With `subscribe` absent too: `auth.default_rules`.'),
    subscribe: topics.optional().describe('Topic filters it may subscribe to.'),
  })
  .superRefine((item, ctx) => {
    const say = (message: string): void => ctx.addIssue({ code: 'custom', message });
    const isSecretMissing = item.password === undefined && item.password_hash === undefined;
    for (const { field, message } of fieldProblems(item.type, item)) {
      const isNobody = item.type === 'basic' && message.startsWith('give');
      say(isNobody ? 'needs a username, a client_id, or both' : `${field} ${message}`);
    }
    if (item.password !== undefined && item.password_hash !== undefined)
      say('takes password or password_hash, not both');
    if (item.type === 'basic' && isSecretMissing) say('needs a password or a password_hash');
    if (item.type === 'scram' && item.password === undefined) say('needs a password');
    if (item.type === 'psk' && item.psk_key === undefined) say('needs a psk_key');
  });
export type BootstrapCredential = z.output<typeof bootstrapCredential>;
