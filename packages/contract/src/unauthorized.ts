import { FAMILIES, REASON_CODES, type ReasonCode } from '@gatehouse/auth-core/reasons';
import { z } from 'zod';
import {
  isoTime,
  mqttProtocol,
  pageLimit,
  pageOf,
  queryBoolean,
  setFilter,
  sortOf,
  textFilter,
} from './common.ts';

export const UNAUTHORIZED_SORT_FIELDS = [
  'lastAttemptAt',
  'firstAttemptAt',
  'attempts',
  'clientId',
  'username',
  'ip',
  'reason',
  'listener',
] as const;

const reasonCode = z.enum(REASON_CODES as readonly [ReasonCode, ...ReasonCode[]]);
const family = z.enum(FAMILIES);
/** An address or a CIDR range; checked as an address by the service, which knows how. */
const ipOrRange = z
  .string()
  .max(64)
  .regex(/^[0-9a-fA-F:.]+(\/\d{1,3})?$/, 'an IP address or a CIDR range');

/** The filters of every `/unauthorized-clients` call. */
export const unauthorizedFilterShape = {
  clientId: textFilter.optional(),
  username: textFilter.optional(),
  ip: setFilter(ipOrRange).optional(),
  reason: setFilter(reasonCode).optional(),
  family: setFilter(family).optional(),
  detail: textFilter.optional(),
  passwordProvided: queryBoolean.optional(),
  tlsUsed: queryBoolean.optional(),
  protocol: setFilter(mqttProtocol).optional(),
  listener: setFilter(z.string().max(64)).optional(),
  state: setFilter(z.enum(['open', 'resolved'])).optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
  /** First attempt at or after / before. */
  firstFrom: isoTime.optional(),
  firstTo: isoTime.optional(),
  search: z.string().min(1).max(256).optional(),
};
export const unauthorizedFilterQuery = z.object(unauthorizedFilterShape);
export type UnauthorizedFilterQuery = z.output<typeof unauthorizedFilterQuery>;
/** The same, refusing what is not a filter: a misspelt one must not widen a deletion or an export. */
export const unauthorizedFilterParams = unauthorizedFilterQuery.strict();

export const unauthorizedListQuery = z
  .object({
    ...unauthorizedFilterShape,
    limit: pageLimit,
    cursor: z.string().max(2048).optional(),
    sort: sortOf(UNAUTHORIZED_SORT_FIELDS, '-lastAttemptAt'),
  })
  .strict();

const safeDetail = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

export const traceStep = z.object({
  authenticator: z.string(),
  type: z.string(),
  outcome: z.enum(['allow', 'deny', 'ignore', 'error', 'busy', 'not-asked']),
  reason: reasonCode.nullable(),
  ms: z.number(),
  detail: safeDetail.optional(),
});

export const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  commonName: z.string().nullable(),
  fingerprint: z.string(),
  serialNumber: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
});

/** A certificate of the chain that was presented, the client's own first. */
export const presentedCertificate = certificate.extend({
  /** What is wrong with it; null: it is not the one at fault. */
  problem: z
    .enum(['no-path', 'revoked', 'crl-unavailable', 'invalid', 'expired', 'not-yet-valid'])
    .nullable(),
  /** Only of a root CA that nobody trusts: `POST /certificates/trusted` takes it. */
  pem: z.string().nullable(),
});

/** A row. `clientId` null: no CONNECT was seen; empty: CONNECT carried an empty client ID. */
export const unauthorizedClient = z.object({
  id: z.string(),
  clientId: z.string().nullable(),
  clientIdTruncated: z.boolean(),
  username: z.string().nullable(),
  passwordProvided: z.boolean(),
  tlsUsed: z.boolean(),
  ip: z.string(),
  ips: z.array(z.string()),
  reason: reasonCode,
  family,
  detail: safeDetail,
  connackCode: z.number().int().nullable(),
  authenticator: z.string().nullable(),
  attempts: z.number().int(),
  firstAttemptAt: isoTime,
  lastAttemptAt: isoTime,
  listener: z.string(),
  node: z.string(),
  protocol: z.union([z.literal(3), z.literal(4), z.literal(5)]).nullable(),
  keepAliveSeconds: z.number().int().nullable(),
  cleanStart: z.boolean().nullable(),
  pskIdentity: z.string().nullable(),
  state: z.enum(['open', 'resolved']),
  resolvedAt: isoTime.nullable(),
  /** The latest attempt's certificate and trace; in lists null, whole in `GET /{id}`. */
  certificate: certificate.nullable(),
  trace: z.array(traceStep).nullable(),
});
export type UnauthorizedClientDto = z.infer<typeof unauthorizedClient>;

export const signature = z.object({
  username: z.string().nullable(),
  network: z.string(),
  reason: reasonCode,
  listener: z.string(),
  attempts: z.number().int(),
  firstAt: isoTime,
  lastAt: isoTime,
  resolved: z.boolean(),
});

/** A sentence of the drawer with its standing: seen, or concluded. */
export const statement = z.object({
  standing: z.enum(['fact', 'inference']),
  /** Message key; the text is the console's, from `values`. */
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** The same in English, for the API's and command line's readers. */
  text: z.string(),
});

/** A fix button: what it does and what it needs; `available` false says what it waits for. */
export const fixOption = z.object({
  action: z.string(),
  label: z.string(),
  primary: z.boolean(),
  available: z.boolean(),
  credentialId: z.string().nullable(),
  /** Prefill of the form that the button opens; never a secret. */
  prefill: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const unauthorizedClientDetail = unauthorizedClient.extend({
  /** Of the latest attempt; empty where no certificate was presented. */
  certificateChain: z.array(presentedCertificate),
  ref: z.string(),
  title: z.string(),
  docs: z.string(),
  likelyCause: z.array(statement),
  howToFix: z.string(),
  fixes: z.array(fixOption),
  evidence: z.object({
    distinctSecrets: z.number().int(),
    distinctSecretsCapped: z.boolean(),
    mismatchHints: z.array(z.string()),
    interval: z.object({ medianSeconds: z.number(), regularity: z.number() }).nullable(),
    lastGoodLogin: z
      .object({
        at: isoTime,
        ip: z.string(),
        listener: z.string(),
        tlsUsed: z.boolean(),
        protocol: z.number(),
        clientId: z.string(),
        /** Of that login; absent: not kept. */
        username: z.string().optional(),
        differs: z.array(z.string()),
      })
      .nullable(),
  }),
  signatures: z.array(signature),
  /** The credential that this refusal was about, if one exists: never its hash. */
  credential: z
    .object({
      id: z.string(),
      name: z.string(),
      enabled: z.boolean(),
      expiresAt: isoTime.nullable(),
      secretChangedAt: isoTime.nullable(),
      secretChangedBy: z.string().nullable(),
      previousSecretValidUntil: isoTime.nullable(),
      hasPreviousSecret: z.boolean(),
    })
    .nullable(),
  related: z.object({ sameIp: z.array(unauthorizedClient), sameUsername: z.array(unauthorizedClient) }),
  /** The audit entry just before the refusals began, if one may explain them. */
  precededBy: z
    .object({
      id: z.string(),
      at: isoTime,
      action: z.string(),
      actor: z.string(),
      target: z.string().nullable(),
    })
    .nullable(),
});
export type UnauthorizedClientDetailDto = z.infer<typeof unauthorizedClientDetail>;

export const attemptSample = z.object({
  ref: z.string(),
  at: isoTime,
  reason: reasonCode,
  ip: z.string(),
  username: z.string().nullable(),
  listener: z.string(),
  connackCode: z.number().int().nullable(),
  passwordProvided: z.boolean(),
  tlsUsed: z.boolean(),
  protocol: z.number().nullable(),
});
export const attemptList = z.object({ items: z.array(attemptSample) });

export const unauthorizedPage = pageOf(unauthorizedClient);
export type UnauthorizedPage = z.infer<typeof unauthorizedPage>;

/** Filters as JSON, for deletions: the same strings as in the query. */
export const filterBody = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

export const deleteBody = z.union([
  z.object({ ids: z.array(z.string().max(64)).min(1).max(10_000) }).strict(),
  z.object({ filter: filterBody, except: z.array(z.string().max(64)).max(10_000).default([]) }).strict(),
  z.object({ all: z.literal(true) }).strict(),
]);
export const deletion = z.object({ deleted: z.number().int(), undoToken: z.string(), undoUntil: isoTime });
export const undoBody = z.object({ undoToken: z.string().max(256) }).strict();
export const undone = z.object({ restored: z.number().int() });

const facet = z.array(z.object({ value: z.string(), count: z.number().int() }));
export const facets = z.object({
  reason: facet,
  family: facet,
  tlsUsed: facet,
  passwordProvided: facet,
  protocol: facet,
  listener: facet,
  state: facet,
  clients: z.number().int(),
  attempts: z.number().int(),
  newLastHour: z.number().int(),
  approximate: z.boolean(),
});
export type FacetsDto = z.infer<typeof facets>;

export const histogramQuery = z
  .object({ ...unauthorizedFilterShape, buckets: z.coerce.number().int().min(1).max(240).default(60) })
  .strict();
export const histogram = z.object({
  from: isoTime,
  to: isoTime,
  bucketMs: z.number(),
  buckets: z.array(z.object({ at: isoTime, counts: z.partialRecord(family, z.number().int()) })),
  approximate: z.boolean(),
});
export type HistogramDto = z.infer<typeof histogram>;

export const groupsQuery = z
  .object({
    ...unauthorizedFilterShape,
    by: z.enum(['network', 'username', 'reason', 'incident']),
    limit: pageLimit,
  })
  .strict();
export const groups = z.object({
  items: z.array(
    z.object({
      value: z.string(),
      clients: z.number().int(),
      /** Those of them that have not got in since; 0: the group is settled. */
      open: z.number().int(),
      attempts: z.number().int(),
      firstAttemptAt: isoTime,
      lastAttemptAt: isoTime,
      auditId: z.string().nullable(),
      /** Counted among the newest rows only: the figures are lower bounds. */
      approximate: z.boolean(),
      /** A network that is blocked as a whole; never said of other groups. */
      blocked: z.boolean(),
      /** Of networks and incidents: the network from which somebody in the group probably guesses secrets. */
      guessing: z.string().nullable(),
    }),
  ),
});

/** Whether refusals can be recorded at all, and how the recorder is doing; for the page's header and banners. */
export const recorderStatus = z.object({
  recording: z.boolean(),
  /** Why nothing can be refused or recorded: `recording-off`, `no-authenticator`, `anonymous-allow`; empty when all is well. */
  impossible: z.array(z.enum(['recording-off', 'no-authenticator', 'anonymous-allow'])),
  attempts: z.number().int(),
  itemised: z.number().int(),
  aggregated: z.number().int(),
  dropped: z.number().int(),
  entries: z.number().int(),
  entriesMax: z.number().int(),
});

/** Answer of *release session*: whether there was one. */
export const sessionRelease = z.object({ released: z.boolean() });

/** Clients that are let in and fail all the same, noticed within the last five minutes. */
export const troubledClients = z.object({
  items: z.array(
    z.object({
      clientId: z.string(),
      username: z.string().nullable(),
      /** `takeover-war`: logins end one another's connection. `connect-loop`: it is let in again and again. */
      trouble: z.enum(['takeover-war', 'connect-loop']),
      logins: z.number().int(),
      takeovers: z.number().int(),
      since: isoTime,
      lastAt: isoTime,
      ips: z.array(z.string()),
      listener: z.string(),
      interval: z.object({ medianSeconds: z.number(), regularity: z.number() }).nullable(),
      /** What was seen, and what is concluded from it. */
      statements: z.array(statement),
    }),
  ),
  complete: z.boolean(),
});
export type TroubledClientsDto = z.infer<typeof troubledClients>;

/** Watch one client ID or IP: every attempt for 15 minutes, uncoalesced. */
export const watchBody = z
  .object({ clientId: z.string().min(1).max(1024).optional(), ip: z.union([z.ipv4(), z.ipv6()]).optional() })
  .strict()
  .refine(({ clientId, ip }) => (clientId === undefined) !== (ip === undefined), {
    message: 'Name a client ID or an IP address, not both',
  });
export const watch = z.object({
  id: z.string(),
  target: z.object({ kind: z.enum(['clientId', 'ip']), value: z.string() }),
  startedAt: isoTime,
  /** When it stops taking in attempts. */
  until: isoTime,
  running: z.boolean(),
  entries: z.number().int(),
  /** Attempts that gave way to newer ones. */
  forgotten: z.number().int(),
});
export type WatchDto = z.infer<typeof watch>;
export const watchList = z.object({ items: z.array(watch) });
/** `after`: the last sequence that the caller has. */
export const watchQuery = z.object({ after: z.coerce.number().int().min(0).default(0) }).strict();
export const watchEntry = z.object({
  sequence: z.number().int(),
  at: isoTime,
  outcome: z.enum(['accepted', 'refused', 'busy']),
  reason: z.string().nullable(),
  ref: z.string(),
  clientId: z.string().nullable(),
  username: z.string().nullable(),
  ip: z.string(),
  port: z.number().int(),
  listener: z.string(),
  protocol: z.union([z.literal(3), z.literal(4), z.literal(5)]).nullable(),
  /** The CONNECT in hex, every secret byte replaced with `2a`; null when none was seen. */
  connectHex: z.string().nullable(),
  connectBytes: z.number().int(),
});
export type WatchEntryDto = z.infer<typeof watchEntry>;
export const watchRead = z.object({ watch, items: z.array(watchEntry) });
export type WatchReadDto = z.infer<typeof watchRead>;

/** Events of `GET /unauthorized-clients/stream` (SSE): at most 4 a second, `event:` is the kind, `data:` this. */
export const streamEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('rows'),
    upserted: z.array(unauthorizedClient),
    newRows: z.number().int(),
    more: z.number().int(),
  }),
  z.object({ kind: z.literal('deleted'), ids: z.array(z.string()), all: z.boolean() }),
  z.object({ kind: z.literal('restored'), restored: z.number().int() }),
  z.object({ kind: z.literal('heartbeat'), at: isoTime }),
  /** The reader was too slow and events were dropped: read the page again. */
  z.object({ kind: z.literal('resync'), dropped: z.number().int() }),
]);
export type StreamEvent = z.infer<typeof streamEvent>;
