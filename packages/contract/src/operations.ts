import { z } from 'zod';
import { isoTime } from './common.ts';
import { guessingCounters } from './guessing.ts';
import { node } from './nodes.ts';
import { recorderStatus, statement, traceStep } from './unauthorized.ts';

/** "Would this client be admitted, and why?" Nothing is recorded. */
export const tryBody = z
  .object({
    username: z.string().max(65_535).optional(),
    password: z.string().max(65_535).optional(),
    clientId: z.string().max(65_535).default(''),
    ip: z.string().max(64).default('127.0.0.1'),
    listener: z.string().max(64).default('tcp'),
    protocol: z.union([z.literal(3), z.literal(4), z.literal(5)]).default(5),
    /** MQTT 5 enhanced authentication: the server plays the client, with username and password. */
    authMethod: z.string().min(1).max(64).optional(),
    /** What the client presents to a listener that asks for certificates: its own, and its CAs' where it sends them. */
    certificate: z
      .string()
      .max(65_536)
      .refine((text) => !text.includes('PRIVATE KEY'), {
        error: 'the certificate alone, without its private key',
        abort: true,
      })
      .refine((text) => text.includes('-----BEGIN CERTIFICATE-----'), { error: 'is no certificate in PEM' })
      .optional(),
    /** Whose key it proves to a listener of pre-shared keys. */
    pskIdentity: z.string().min(1).max(256).optional(),
  })
  .strict();
export const tryResult = z.object({
  outcome: z.enum(['allow', 'deny', 'busy']),
  reason: z.string().nullable(),
  by: z.string(),
  connackCode: z.number().int(),
  superuser: z.boolean(),
  anonymous: z.boolean(),
  credentialId: z.string().nullable(),
  /** What is known of a refusal beyond its reason: a credential that has one of the names and wants another of the other. */
  statements: z.array(statement),
  trace: z.array(traceStep),
});
export type TryResultDto = z.infer<typeof tryResult>;

const counted = z.object({ value: z.string(), count: z.number().int() });

export const authenticatorStats = z.object({
  name: z.string(),
  type: z.string(),
  enabled: z.boolean(),
  allow: z.number().int(),
  deny: z.number().int(),
  ignore: z.number().int(),
  error: z.number().int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  lastError: z.object({ at: isoTime, text: z.string() }).nullable(),
});

export const listenerStatus = z.object({
  name: z.string(),
  transport: z.enum(['tcp', 'tls', 'ws', 'wss', 'unix']),
  enabled: z.boolean(),
  host: z.string(),
  port: z.number().int().nullable(),
  connections: z.number().int(),
});

/** Values of each top list at most. */
const TOP_MAX = 8;

/**
 * `GET /stats?from&to&top`: now, rates over the last minute, and top lists over the range (default: last 24 h). With `top=0`
 * the lists are empty, and who wants only the numbers does not wait for them.
 */
export const statsQuery = z
  .object({
    from: isoTime.optional(),
    to: isoTime.optional(),
    top: z.coerce.number().int().min(0).max(TOP_MAX).default(TOP_MAX),
  })
  .strict();
export const stats = z.object({
  version: z.string(),
  /** Which node was asked. */
  node: z.string(),
  /** All that there are. */
  nodes: z.array(node),
  startedAt: isoTime,
  now: isoTime,
  clientsOnline: z.number().int(),
  credentials: z.number().int(),
  unauthorizedOpen: z.number().int(),
  unauthorizedOpenIsExact: z.boolean(),
  acceptedPerMinute: z.number(),
  refusedPerMinute: z.number(),
  /** Refused of all decided in the last minute, 0…1; null when nobody came. */
  refusalRatio: z.number().nullable(),
  totals: z.object({
    accepted: z.number().int(),
    refused: z.number().int(),
    busy: z.number().int(),
    messagesReceived: z.number().int(),
    messagesSent: z.number().int(),
    bytesReceived: z.number().int(),
    bytesSent: z.number().int(),
    dropped: z.number().int(),
  }),
  /** Per second, over the last minute. */
  rates: z.object({
    messagesReceived: z.number(),
    messagesSent: z.number(),
    bytesReceived: z.number(),
    bytesSent: z.number(),
    dropped: z.number(),
  }),
  /** Messages dropped since start, by why: `offline`, `slowClient`, `queueFull`, `expired`, … */
  droppedByReason: z.record(z.string(), z.number().int()),
  refusedByReason: z.record(z.string(), z.number().int()),
  top: z.object({
    reasons: z.array(counted),
    ips: z.array(counted),
    usernames: z.array(counted),
    clientIds: z.array(counted),
  }),
  anonymous: z.enum(['deny', 'allow', 'quick_deny']),
  authenticators: z.array(authenticatorStats),
  listeners: z.array(listenerStatus),
  recorder: recorderStatus,
  /** The guessing budget since start. */
  guessing: guessingCounters,
  /** `problem`: what keeps sessions and messages from the disk, and their acknowledgements back. */
  journal: z.object({
    enabled: z.boolean(),
    problem: z.string().nullable(),
    backlogBytes: z.number().int(),
    bytes: z.number().int(),
  }),
  eventLoopLagMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  memory: z.object({ rssBytes: z.number(), heapUsedBytes: z.number() }),
});
export type StatsDto = z.infer<typeof stats>;

/** `GET /stats/series?from&to&points`: values per step; a counter's value is its increase within the step. */
export const seriesQuery = z
  .object({
    from: isoTime.optional(),
    to: isoTime.optional(),
    points: z.coerce.number().int().min(10).max(1000).default(240),
  })
  .strict();
export const series = z.object({
  stepMs: z.number(),
  names: z.array(z.string()),
  points: z.array(z.object({ at: isoTime, values: z.record(z.string(), z.number()) })),
});
export type SeriesDto = z.infer<typeof series>;

/** Getting started ticks itself from this. */
export const startStatus = z.object({
  listenerUp: z.boolean(),
  firstCredential: z.boolean(),
  firstGoodConnect: z.boolean(),
  firstRefusedConnect: z.boolean(),
  /** Where the configuration file is, or is looked for. */
  configFile: z.string().nullable(),
  /** Where clients reach the broker. A port is null where its listener is off. */
  mqtt: z.object({
    host: z.string(),
    tcpPort: z.number().nullable(),
    tlsPort: z.number().nullable(),
    wsPort: z.number().nullable(),
    wssPort: z.number().nullable(),
    /** Where the WebSocket listeners are under their ports, e.g. `/mqtt`. */
    wsPath: z.string(),
    wssPath: z.string(),
    /** Whether the certificate that these serve is signed by the server's own CA (`GET /certificates/ca.crt`). */
    ownCa: z.object({ tls: z.boolean(), wss: z.boolean() }),
  }),
});
export type StartStatusDto = z.infer<typeof startStatus>;

/** `GET /healthz`. */
export const liveness = z.object({ status: z.literal('ok'), version: z.string() });

/** `GET /readyz`. */
export const readiness = z.object({
  status: z.enum(['ready', 'starting', 'not-ready']),
  version: z.string(),
  ports: z.record(z.string(), z.number().int()),
  checks: z.record(z.string(), z.string()),
});
