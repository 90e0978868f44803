import { z } from 'zod';
import { isoTime, pageLimit, pageOf, sortOf } from './common.ts';

const qos = z.union([z.literal(0), z.literal(1), z.literal(2)]);
const topic = z.string().min(1).max(65_535);
const base64 = z.base64().max(1_048_576);

/** MQTT 5 properties that travel with a message. */
export const messageProperties = z
  .object({
    /** Says that the payload is UTF-8 text (payload format indicator). */
    payloadIsText: z.boolean().optional(),
    contentType: z.string().min(1).max(1_024).optional(),
    responseTopic: topic.optional(),
    /** Base64. */
    correlationData: base64.max(65_536).optional(),
    expirySeconds: z.number().int().min(0).max(4_294_967_295).optional(),
    /** In order; a name may come more than once. */
    userProperties: z
      .array(z.object({ name: z.string().max(1_024), value: z.string().max(16_384) }).strict())
      .max(64)
      .optional(),
  })
  .strict();
export type MessagePropertiesDto = z.infer<typeof messageProperties>;

export const RETAINED_SORT_FIELDS = ['topic', 'size', 'qos', 'updatedAt'] as const;

export const retainedSummary = z.object({
  topic: z.string(),
  qos,
  /** Client ID of who published it; empty: the server, for who manages it. */
  publisher: z.string(),
  payloadBytes: z.number().int(),
  /** The first bytes of the payload, base64. */
  preview: z.string(),
  /** Null: it does not expire. */
  expiresInSeconds: z.number().int().nullable(),
  /** When it was retained; null: an earlier version kept it and did not write that down. */
  updatedAt: isoTime.nullable(),
});
export type RetainedSummaryDto = z.infer<typeof retainedSummary>;

export const retainedMessage = retainedSummary.extend({
  /** Base64; at most the first 262 144 bytes. */
  payload: z.string(),
  truncated: z.boolean(),
  properties: messageProperties,
});
export type RetainedMessageDto = z.infer<typeof retainedMessage>;

export const retainedListQuery = z
  .object({
    /** A topic filter with `+` and `#`. A wildcard at its beginning does not match topics that begin with `$`. */
    filter: topic.default('#'),
    limit: pageLimit,
    cursor: z.string().max(8_192).optional(),
    sort: sortOf(RETAINED_SORT_FIELDS, 'topic'),
  })
  .strict();
export const retainedPage = pageOf(retainedSummary);

export const retainedTopicQuery = z.object({ topic }).strict();

export const deleteRetainedQuery = z
  .object({ topic: topic.optional(), filter: topic.optional() })
  .strict()
  .refine((query) => (query.topic === undefined) !== (query.filter === undefined), {
    message: 'give a topic, or a filter',
    path: ['topic'],
  });
/** `complete` false: the question ended at its bound; ask again for the rest. */
export const deletedRetained = z.object({ deleted: z.number().int(), complete: z.boolean() });

export const publishBody = z
  .object({
    topic,
    payload: z.string().max(1_398_104).default(''),
    encoding: z.enum(['text', 'base64']).default('text'),
    qos: qos.default(0),
    retain: z.boolean().default(false),
    properties: messageProperties.default({}),
  })
  .strict()
  .refine((body) => body.encoding === 'text' || z.base64().safeParse(body.payload).success, {
    message: 'is not base64',
    path: ['payload'],
  });
export type PublishBody = z.input<typeof publishBody>;
export const published = z.object({
  /** Sessions that the message was for, online and offline. */
  receivers: z.number().int(),
});

/** A short-lived credential for the console's own MQTT client. The only time its password is told. */
export const messageSession = z.object({
  id: z.string(),
  clientId: z.string(),
  username: z.string(),
  password: z.string(),
  expiresAt: isoTime,
  mayPublish: z.boolean(),
});
export type MessageSessionDto = z.infer<typeof messageSession>;
