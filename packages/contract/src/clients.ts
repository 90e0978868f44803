import { z } from 'zod';
import {
  isoTime,
  mqttProtocol,
  pageLimit,
  scanPageOf,
  queryBoolean,
  queryQos,
  sortOf,
  textFilter,
} from './common.ts';

/** A client ID in a path: percent-encoded, a slash too. */
export const clientIdParams = z.object({ clientId: z.string().min(1).max(65_535) });

const cursor = z.string().max(8_192).optional();

export const CLIENT_SORT_FIELDS = [
  'clientId',
  'username',
  'listener',
  'subscriptions',
  'inflight',
  'queued',
  'dropped',
] as const;
const SUBSCRIPTION_SORT_FIELDS = ['clientId', 'topicFilter', 'qos'] as const;

/** A session, with or without a connection. */
export const clientSession = z.object({
  clientId: z.string(),
  /** The node that holds it. */
  node: z.string(),
  username: z.string().nullable(),
  credentialId: z.string().nullable(),
  /** Null also for a credential that is gone. */
  credentialName: z.string().nullable(),
  /** Whose session it is, `namespace:subject`: nobody else can have it. */
  principal: z.string(),
  anonymous: z.boolean(),
  superuser: z.boolean(),
  online: z.boolean(),
  /** These describe the connection, of an offline session its last; null where that is not known any more. */
  listener: z.string().nullable(),
  ip: z.string().nullable(),
  tls: z.boolean().nullable(),
  /** As OpenSSL names them, e.g. `TLSv1.3`; null without TLS. */
  tlsVersion: z.string().nullable(),
  tlsCipher: z.string().nullable(),
  protocol: z.union([z.literal(3), z.literal(4), z.literal(5)]).nullable(),
  keepAliveSeconds: z.number().int().nullable(),
  cleanStart: z.boolean().nullable(),
  connectedAt: isoTime.nullable(),
  disconnectedAt: isoTime.nullable(),
  /** Seconds that the session outlives its connection; 0: it ends with it. */
  expirySeconds: z.number().int(),
  subscriptions: z.number().int(),
  inflight: z.number().int(),
  queued: z.number().int(),
  queuedBytes: z.number().int(),
  /** Messages that it should have had and lost, since it began. */
  dropped: z.number().int(),
  /** As the client wrote it. */
  willTopic: z.string().nullable(),
  /** Precedes every topic that the client names; null where nothing does. */
  mountpoint: z.string().nullable(),
});
export type ClientSessionDto = z.infer<typeof clientSession>;

export const clientsListQuery = z
  .object({
    /** Contained in client ID or username, whatever the case. */
    search: z.string().min(1).max(256).optional(),
    clientId: textFilter.optional(),
    username: textFilter.optional(),
    credentialId: z.string().min(1).max(64).optional(),
    /** An address, or a network as `address/prefix`. */
    ip: z.string().min(1).max(64).optional(),
    tls: queryBoolean.optional(),
    listener: z.string().min(1).max(64).optional(),
    protocol: mqttProtocol.optional(),
    online: queryBoolean.optional(),
    /** The node that holds it. */
    node: z.string().min(1).max(64).optional(),
    limit: pageLimit,
    cursor,
    sort: sortOf(CLIENT_SORT_FIELDS, 'clientId'),
  })
  .strict();
export const clientsPage = scanPageOf(clientSession);

/** What becomes of the session of a client that is disconnected. */
const sessionFate = z.enum(['keep', 'end']).default('keep');
export const disconnectQuery = z.object({ session: sessionFate }).strict();

export const disconnectBody = z
  .object({ clientIds: z.array(z.string().min(1).max(65_535)).min(1).max(500), session: sessionFate })
  .strict();

export const clientSubscription = z.object({
  clientId: z.string(),
  /** The node that holds the session. */
  node: z.string(),
  online: z.boolean(),
  /** As the client wrote it, `$share/{group}/` included. */
  filter: z.string(),
  /** Precedes it, for everybody else; null where nothing does. */
  mountpoint: z.string().nullable(),
  /** Of a shared subscription. */
  group: z.string().nullable(),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  noLocal: z.boolean(),
  retainAsPublished: z.boolean(),
  /** MQTT 5 subscription identifier. */
  identifier: z.number().int().nullable(),
});
export type ClientSubscriptionDto = z.infer<typeof clientSubscription>;

const subscriptionPaging = { limit: pageLimit, cursor, sort: sortOf(SUBSCRIPTION_SORT_FIELDS, 'clientId') };

export const subscriptionsListQuery = z
  .object({
    clientId: textFilter.optional(),
    /** Of the topic filter as the client wrote it. */
    filter: textFilter.optional(),
    /** Subscriptions that a message to this topic would reach. */
    topic: z.string().min(1).max(65_535).optional(),
    shared: queryBoolean.optional(),
    qos: queryQos.optional(),
    /** The node that holds the session. */
    node: z.string().min(1).max(64).optional(),
    ...subscriptionPaging,
  })
  .strict();
export const clientSubscriptionsQuery = z.object(subscriptionPaging).strict();
export const subscriptionsPage = scanPageOf(clientSubscription);

/** Which one to end; both exactly as the client wrote them. */
export const removeSubscriptionQuery = z
  .object({ clientId: z.string().min(1).max(65_535), filter: z.string().min(1).max(65_535) })
  .strict();
