import { z } from 'zod';
import { isoTime, pageOf, sortOf, textFilter } from './common.ts';
import { credentialType } from './credential-types.ts';

const phase = z.enum(['before', 'after']);
const permission = z.enum(['allow', 'deny']);
const action = z.enum(['publish', 'subscribe', 'all']);
const qos = z.union([z.literal(0), z.literal(1), z.literal(2)]);
const value = z.string().min(1).max(1024);

const condition = z.union([
  z.object({ username: value }).strict(),
  z.object({ clientId: value }).strict(),
  /** An address, or a network as `address/prefix`. */
  z.object({ ip: value }).strict(),
  /** A tag of the credential that admitted the client. */
  z.object({ tag: value }).strict(),
  /** Common name of the client's certificate. */
  z.object({ cn: value }).strict(),
]);
const conditions = z.array(condition).min(1).max(32);
const allOf = z.object({ and: conditions }).strict();

/** Whom a rule is about: everybody, who meets a condition, all of several, or one of several. */
export const accessWho = z.union([
  z.literal('all'),
  condition,
  allOf,
  z
    .object({
      or: z
        .array(z.union([condition, allOf]))
        .min(1)
        .max(32),
    })
    .strict(),
]);
export type AccessWhoDto = z.infer<typeof accessWho>;

const fields = {
  permission,
  who: accessWho,
  action,
  /** MQTT topic filters; `%u %c ${username} ${clientid} ${cn}` stand for one level, `eq …` is that very text. */
  topics: z.array(z.string().min(1).max(1024)).min(1).max(32),
  /** Only with one of these; null: with any. */
  qos: z.array(qos).min(1).max(3).nullable(),
  /** Only what is published with RETAIN set, or unset; null: both. Says nothing about subscriptions. */
  retain: z.boolean().nullable(),
  comment: z.string().max(500),
};

/** A global access rule. Times are ISO 8601 UTC. */
export const accessRule = z.object({
  id: z.string(),
  version: z.number().int(),
  /** Asked before, or after, the rules of the client's own credential or source. */
  phase,
  /** Its place in its phase, from 0. */
  index: z.number().int(),
  ...fields,
  /** Null: the configuration declares it. */
  createdAt: isoTime.nullable(),
  createdBy: z.string().nullable(),
});
export type AccessRuleDto = z.infer<typeof accessRule>;

const place = { phase: phase.optional(), index: z.number().int().min(0).optional() };

/** `phase` absent: a deny is asked before the client's own rules, an allow after. `index` absent: last of its phase. */
export const createAccessRule = z
  .object({
    ...place,
    permission,
    who: accessWho.default('all'),
    action: action.default('all'),
    topics: fields.topics,
    qos: fields.qos.default(null),
    retain: fields.retain.default(null),
    comment: fields.comment.default(''),
  })
  .strict();
export type CreateAccessRule = z.input<typeof createAccessRule>;

export const updateAccessRule = z.object(fields).partial().strict();
export type UpdateAccessRule = z.input<typeof updateAccessRule>;

/** `phase` absent: the one it has. `index`: its place there afterwards. */
export const moveAccessRule = z.object(place).strict();

const limit = z.coerce.number().int().min(1).max(1_000).default(200);

export const accessRulesQuery = z
  .object({
    /** Contained in topics, conditions or comment, whatever the case. */
    search: z.string().min(1).max(256).optional(),
    limit,
    cursor: z.string().max(64).optional(),
  })
  .strict();

/** The rules in the order in which they are asked, and what becomes of what none of them is about. */
export const accessRulesPage = pageOf(accessRule).extend({
  noMatch: permission,
  denyAction: z.enum(['ignore', 'disconnect']),
  /** Where the configuration declares the rules, which are then changed there; null: they are kept here. */
  declaredAt: z.string().nullable(),
});
export type AccessRulesPageDto = z.infer<typeof accessRulesPage>;

/** What decided: a global rule before or after the client's own, one of those, its source, or no rule at all. */
const accessStage = z.enum(['superuser', 'before', 'own', 'source', 'after', 'no-match']);

const decidingRule = z.object({
  /** Of the global list; null: a rule of the client's own. */
  id: z.string().nullable(),
  permission,
  topic: z.string(),
});

export const tryAccessBody = z
  .object({
    clientId: z.string().max(1024),
    username: z.string().max(1024).optional(),
    /** Of a client that is not connected; the session's own facts count where there is one. */
    ip: z.string().max(64).optional(),
    commonName: z.string().max(1024).optional(),
    /** What a client that is not connected proves itself with; its credential goes by the name of that type. */
    type: credentialType.default('basic'),
    /** SHA-256 of its certificate, in hexadecimal with or without colons. */
    fingerprint: z.string().max(95).optional(),
    pskIdentity: z.string().max(1024).optional(),
    action: z.enum(['publish', 'subscribe']),
    topic: z.string().min(1).max(65_535),
    qos: qos.default(0),
    retain: z.boolean().default(false),
  })
  .strict();

/** "May this client do that?" */
export const accessAnswer = z.object({
  allowed: z.boolean(),
  by: accessStage,
  rule: decidingRule.nullable(),
  /** Whose rules were asked: those of an open session, of a stored credential, or of nobody known. */
  basis: z.enum(['session', 'credential', 'nobody']),
  /** Its source would be asked, which this call does not do: what is said here counts if that has no opinion. */
  asksSource: z.boolean(),
});
export type AccessAnswerDto = z.infer<typeof accessAnswer>;

/** Something that clients which were let in may not do, and tried. */
export const denial = z.object({
  id: z.string(),
  clientId: z.string(),
  username: z.string().nullable(),
  principal: z.string(),
  ip: z.string().nullable(),
  action: z.enum(['publish', 'subscribe']),
  topic: z.string(),
  by: accessStage,
  rule: decidingRule.nullable(),
  count: z.number().int(),
  firstAt: isoTime,
  lastAt: isoTime,
});
export type DenialDto = z.infer<typeof denial>;

export const denialsQuery = z
  .object({
    clientId: textFilter.optional(),
    username: textFilter.optional(),
    topic: textFilter.optional(),
    action: z.enum(['publish', 'subscribe']).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(8_192).optional(),
    sort: sortOf(['lastAt'] as const, '-lastAt'),
  })
  .strict();
export const denialsPage = pageOf(denial).extend({
  /** When the first that is kept came; null: there is none. */
  since: isoTime.nullable(),
  /** How often something was denied since then. */
  count: z.number().int(),
  /** How many of those are only counted: there were too many different ones. */
  aggregated: z.number().int(),
});
export type DenialsPageDto = z.infer<typeof denialsPage>;

/** What is remembered of sources that are asked about each topic (`auth.acl_cache`). */
export const aclCache = z.object({
  /** That still count. */
  answers: z.number().int(),
  /** Whose. */
  clients: z.number().int(),
  /** False: there are more sessions than were looked through. */
  complete: z.boolean(),
});
export type AclCacheDto = z.infer<typeof aclCache>;

export const aclCacheQuery = z.object({ clientId: z.string().min(1).max(1024).optional() }).strict();
