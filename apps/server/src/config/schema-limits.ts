import { LIMIT_RANGES, LIMITS, type Limits } from '@gatehouse/broker';
import { z } from 'zod';
import { group } from './schema-parts.ts';

const DOCS: Readonly<Record<keyof Limits, string>> = {
  connectTimeoutMs: 'From accept to a complete CONNECT.',
  authenticateTimeoutMs: 'What the chain may take in all before the client is told "busy".',
  unknownUserDelayMsMax:
    'Longest delay of a refusal for an unknown user, so that it takes as long as a wrong password.',
  refusalDelayMsMax:
    'Longest that a refusal is held back while the server is busy, so that good clients come first.',
  preAuthPacketBytesMax: 'A packet before the client is admitted.',
  packetBytesMax: 'A packet after admission; told to MQTT 5 clients.',
  keepAliveSecondsMax:
    'Keep-alive; a longer or absent one (0) is set to this, and a client that is silent for one and a half times its keep-alive is cut. MQTT 5 clients are told; MQTT 3 clients have the same bound without being told.',
  inflightMax: 'QoS 1 and 2 messages in flight per direction and session; told to MQTT 5 clients.',
  queueMessagesMax: 'Messages waiting for one session; the oldest is dropped.',
  queueBytesMax: 'Bytes waiting and in flight for one session.',
  queueBytesTotalMax:
    'Bytes waiting and in flight for all sessions together; who holds most loses its oldest.',
  sessionsMax: 'Sessions, online and offline together.',
  sessionsPerPrincipalMax:
    'Persistent sessions of one principal; a fleet that shares one username counts as one. 0 sets no bound.',
  sessionExpirySecondsMax: 'How long an offline session is kept, whatever it asked for.',
  subscriptionsPerClientMax: 'Subscriptions of one session.',
  subscriptionsMax: 'Subscriptions of all sessions together.',
  filtersPerPacketMax: 'Filters in one SUBSCRIBE or UNSUBSCRIBE.',
  topicLevelsMax: 'Levels of a topic or filter.',
  topicBytesMax: 'Bytes of a topic or filter.',
  clientIdBytesMax: 'Bytes of a client ID.',
  clientIdCharactersMaxV31:
    'Characters of a client ID of MQTT 3.1, whose standard allows 23; later versions are not held to it.',
  userPropertiesMax: 'User properties of one packet.',
  topicAliasesMax: 'Topic aliases of one connection, each way; told to MQTT 5 clients.',
  payloadFormatCheckBytesMax:
    'Bytes up to which a payload that says it is UTF-8 is checked to be so, and refused if not (MQTT 5, 0x99); 0 checks none.',
  retainedMax: 'Retained messages.',
  retainedBytesMax: 'Bytes of all retained messages and of the topic levels that lead to them.',
  retainedPerSubscribeMax: 'Retained messages that one SUBSCRIBE is given, over all its filters.',
  writeBufferBytesMax:
    'Bytes waiting in one connection: beyond it QoS 0 is dropped, at twice that the client is cut.',
  slowConsumerMsMax: 'How long a connection may stay beyond `writeBufferBytesMax`.',
  connectionsMax: 'Open connections in all.',
  connectionsPerIpMax: 'Open connections of one address; 0 sets no bound.',
  halfOpenMax: 'Connections that have not been admitted yet.',
  halfOpenPerIpMax: 'Connections of one address that have not been admitted yet; 0 sets no bound.',
  acceptRatePerSecondMax: 'New connections per second.',
  closeTimeoutMs: 'What a closing connection may take to send its last bytes.',
  connectsPerClientPerMinuteMax:
    'Connects of one client ID per minute, a sixth of them at once; more are refused. 0 sets no bound.',
  publishRatePerSecondMax:
    'PUBLISH packets of one client per second, with a burst of one second’s worth; a faster client waits. 0 sets no bound.',
  journalBacklogBytesMax:
    'Bytes waiting for the journal’s disk; beyond it clients that publish durable messages are read no further.',
  journalSnapshotBytesMin:
    'Bytes the journal has at least before it is written anew; then when it has twice what the last time left.',
  webSocketPingMs:
    'Between pings to WebSocket clients; one that is silent for as long after a ping is cut. 0 sends none.',
};

/** Every bound with its default and what it bounds, in the order of the documentation. */
export const LIMIT_SETTINGS = (Object.keys(DOCS) as (keyof Limits)[]).map((name) => ({
  name,
  default: LIMITS[name],
  text: DOCS[name],
}));

const bound = (key: keyof Limits) =>
  z
    .number()
    .int()
    .min(LIMIT_RANGES[key].min)
    .max(LIMIT_RANGES[key].max)
    .default(LIMITS[key])
    .describe(DOCS[key]);

const shape = Object.fromEntries(
  (Object.keys(DOCS) as (keyof Limits)[]).map((key) => [key, bound(key)]),
) as Record<keyof Limits, ReturnType<typeof bound>>;

/** Every bound of the broker, as its own table declares it. */
export const limitsSchema = group('Bounds of the broker, each with the unit in its name.', shape);
