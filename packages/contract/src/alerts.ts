import { FAMILIES } from '@gatehouse/auth-core/reasons';
import { z } from 'zod';
import { isoTime, pageLimit, pageOf, queryBoolean, sortOf } from './common.ts';

/** Bounds of what is set for alerts, each with its unit. */
export const ALERT_BOUNDS = {
  nameCharactersMax: 100,
  windowMinutesMax: 60,
  perMinuteMax: 1_000_000,
  countMax: 1_000_000,
  daysMax: 365,
  repeatMinutesMax: 10_080,
  resolveAfterSecondsMin: 5,
  resolveAfterSecondsMax: 86_400,
  channelsPerRuleMax: 20,
  recipientsMax: 10,
  silenceMinutesMax: 43_200,
} as const;
const BOUNDS = ALERT_BOUNDS;

const windowMinutes = z.number().int().min(1).max(BOUNDS.windowMinutesMax);

/** What a rule watches for, by kind. */
export const alertCondition = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('refusalRate'),
      perMinute: z.number().min(1).max(BOUNDS.perMinuteMax),
      windowMinutes,
      /** One family of reasons; null: all. */
      family: z.enum(FAMILIES).nullable(),
    })
    .strict(),
  z.object({ kind: z.literal('newReason') }).strict(),
  z.object({ kind: z.literal('newNetwork') }).strict(),
  z
    .object({
      kind: z.literal('backendError'),
      errors: z.number().int().min(1).max(BOUNDS.countMax),
      windowMinutes,
    })
    .strict(),
  z
    .object({ kind: z.literal('certificateExpiry'), days: z.number().int().min(1).max(BOUNDS.daysMax) })
    .strict(),
  z
    .object({
      kind: z.literal('recorderDrops'),
      drops: z.number().int().min(1).max(BOUNDS.countMax),
      windowMinutes,
    })
    .strict(),
]);
export type AlertConditionDto = z.infer<typeof alertCondition>;
export type AlertKindDto = AlertConditionDto['kind'];

/** One line of text without anything that could end it: it becomes a mail's subject. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(BOUNDS.nameCharactersMax)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'one line, without control characters');

const topic = z
  .string()
  .max(128)
  .regex(/^[\w-]+(\/[\w-]+)*$/u, 'letters, digits, "-" and "_", in levels separated by "/"');

const ruleFields = {
  name,
  enabled: z.boolean(),
  condition: alertCondition,
  channels: z.array(z.string().min(1).max(64)).max(BOUNDS.channelsPerRuleMax),
  repeatMinutes: z.number().int().min(0).max(BOUNDS.repeatMinutesMax),
  resolveAfterSeconds: z.number().int().min(BOUNDS.resolveAfterSecondsMin).max(BOUNDS.resolveAfterSecondsMax),
  topic: topic.nullable(),
};

export const createAlertRule = z
  .object({
    ...ruleFields,
    enabled: ruleFields.enabled.default(true),
    channels: ruleFields.channels.default([]),
    /** Minutes between two messages while it goes on; 0: it is told once. */
    repeatMinutes: ruleFields.repeatMinutes.default(60),
    /** Seconds without the condition after which it is over. */
    resolveAfterSeconds: ruleFields.resolveAfterSeconds.default(300),
    /** Below `$SYS/gatehouse/alerts/`; null: the rule's id. */
    topic: ruleFields.topic.default(null),
  })
  .strict();
export type CreateAlertRule = z.input<typeof createAlertRule>;
export const updateAlertRule = z.object(ruleFields).partial().strict();

export const alertRule = z.object({
  id: z.string(),
  version: z.number().int(),
  ...ruleFields,
  name: z.string(),
  /** Whether it fires now, and whether a silence keeps that back. */
  firing: z.boolean(),
  silencedUntil: isoTime.nullable(),
  createdAt: isoTime,
  createdBy: z.string(),
  updatedAt: isoTime,
});
export type AlertRuleDto = z.infer<typeof alertRule>;
export const alertRuleList = z.object({ items: z.array(alertRule) });

const webhookUrl = z.url({ protocol: /^https?$/u }).max(2_048);
const address = z.email().max(254);
const hmacSecret = z.string().min(16).max(256);

/** Where messages go. What is secret (a webhook's whole URL, its key, a password) is written and never read. */
const webhookTarget = z
  .object({
    kind: z.literal('webhook'),
    /** Absent in a change: as before. */
    url: webhookUrl.optional(),
    /** Signs each message (HMAC-SHA-256); null removes it, absent leaves it. */
    secret: hmacSecret.nullish(),
  })
  .strict();
const emailFields = {
  kind: z.literal('email'),
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  security: z.enum(['starttls', 'tls', 'none']),
  username: z.string().max(256),
  from: address,
  to: z.array(address).min(1).max(BOUNDS.recipientsMax),
  /** PEM of the CA that signed the server's certificate; empty: the public ones. */
  ca: z.string().max(16_384),
};
const emailTarget = z
  .object({
    ...emailFields,
    username: emailFields.username.default(''),
    ca: emailFields.ca.default(''),
    /** Null removes it, absent leaves it. */
    password: z.string().min(1).max(1_024).nullish(),
  })
  .strict();
const mqttTarget = z.object({ kind: z.literal('mqtt'), retain: z.boolean() }).strict();

const targetInput = z.discriminatedUnion('kind', [webhookTarget, emailTarget, mqttTarget]);
export type AlertTargetInput = z.output<typeof targetInput>;

export const createAlertChannel = z
  .object({ name, enabled: z.boolean().default(true), target: targetInput })
  .strict();
export type CreateAlertChannel = z.input<typeof createAlertChannel>;
export const updateAlertChannel = z
  .object({ name, enabled: z.boolean(), target: targetInput })
  .partial()
  .strict();

export const alertChannel = z.object({
  id: z.string(),
  version: z.number().int(),
  name: z.string(),
  enabled: z.boolean(),
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('webhook'), origin: z.string(), hasSecret: z.boolean() }),
    z.object({ ...emailFields, from: z.string(), to: z.array(z.string()), hasPassword: z.boolean() }),
    z.object({ kind: z.literal('mqtt'), retain: z.boolean() }),
  ]),
  /** How deliveries went. */
  health: z.object({
    waiting: z.number().int(),
    delivered: z.number().int(),
    gaveUp: z.number().int(),
    dropped: z.number().int(),
    failuresInARow: z.number().int(),
    lastDeliveredAt: isoTime.nullable(),
    lastFailedAt: isoTime.nullable(),
    lastFailure: z.string().nullable(),
  }),
  createdAt: isoTime,
  createdBy: z.string(),
  updatedAt: isoTime,
});
export type AlertChannelDto = z.infer<typeof alertChannel>;
export const alertChannelList = z.object({ items: z.array(alertChannel) });

/** How the message that was sent for a test went. */
export const alertTestResult = z.object({ ok: z.boolean(), failure: z.string().nullable() });
export type AlertTestResultDto = z.infer<typeof alertTestResult>;

/** One alert. `rows` are the filters of the console's page of refused clients that show whom it is about; null: none do. */
export const alert = z.object({
  id: z.string(),
  ruleId: z.string(),
  ruleName: z.string(),
  condition: alertCondition,
  subject: z.string(),
  state: z.enum(['firing', 'resolved']),
  firedAt: isoTime,
  lastAt: isoTime,
  resolvedAt: isoTime.nullable(),
  value: z.number(),
  peak: z.number(),
  items: z.array(z.object({ value: z.string(), clientId: z.string().nullable() })),
  itemsTotal: z.number().int(),
  notifiedAt: isoTime.nullable(),
  notifications: z.number().int(),
  silenced: z.boolean(),
  rows: z.record(z.string(), z.string()).nullable(),
});
export type AlertDto = z.infer<typeof alert>;
export const alertsQuery = z
  .object({
    firing: queryBoolean.optional(),
    ruleId: z.string().max(64).optional(),
    kind: z
      .enum(['refusalRate', 'newReason', 'newNetwork', 'backendError', 'certificateExpiry', 'recorderDrops'])
      .optional(),
    limit: pageLimit,
    cursor: z.string().max(4096).optional(),
    sort: sortOf(['firedAt'] as const, '-firedAt'),
  })
  .strict();
export const alertsPage = pageOf(alert);

export const createAlertSilence = z
  .object({
    /** Null: all rules. */
    ruleId: z.string().min(1).max(64).nullable(),
    minutes: z.number().int().min(1).max(BOUNDS.silenceMinutesMax),
    comment: z.string().max(500).default(''),
  })
  .strict();
export type CreateAlertSilence = z.input<typeof createAlertSilence>;
export const alertSilence = z.object({
  id: z.string(),
  ruleId: z.string().nullable(),
  until: isoTime,
  comment: z.string(),
  createdAt: isoTime,
  createdBy: z.string(),
});
export type AlertSilenceDto = z.infer<typeof alertSilence>;
export const alertSilenceList = z.object({ items: z.array(alertSilence) });
