import {
  ACCESS_LIMITS,
  accessRuleProblems,
  type AccessCondition,
  type AccessWho,
} from '@gatehouse/auth-core';
import { z } from 'zod';
import { group } from './schema-parts.ts';

const value = z.string().min(1).max(ACCESS_LIMITS.valueCharactersMax);

/** `client_id` as the file writes it, `clientId` as everything else does. */
const condition = z.union(
  [
    z.strictObject({ username: value }),
    z.strictObject({ client_id: value }).transform(({ client_id: clientId }) => ({ clientId })),
    z.strictObject({ ip: value }),
    z.strictObject({ tag: value }),
    z.strictObject({ cn: value }),
  ],
  { error: 'one of username, client_id, ip, tag, cn' },
) satisfies z.ZodType<AccessCondition>;

const allOf = z.strictObject({ and: z.array(condition).min(1).max(ACCESS_LIMITS.conditionsPerRuleMax) });

const who = z.union(
  [
    z.literal('all'),
    condition,
    allOf,
    z.strictObject({
      or: z
        .array(z.union([condition, allOf]))
        .min(1)
        .max(ACCESS_LIMITS.conditionsPerRuleMax),
    }),
  ],
  { error: 'all, a condition such as {username: ann}, or several under and / or' },
) satisfies z.ZodType<AccessWho>;

const rule = z
  .strictObject({
    permission: z.enum(['allow', 'deny']).describe('What the rule does.'),
    who: who
      .default('all')
      .describe(
        '`all`, one of `{username}`, `{client_id}`, `{ip}` (address or CIDR), `{tag}` (of the credential), `{cn}` (of the certificate), or several under `and` or `or`.',
      ),
    action: z.enum(['publish', 'subscribe', 'all']).default('all').describe('What it is about.'),
    topics: z
      .array(z.string().min(1).max(ACCESS_LIMITS.topicCharactersMax))
      .min(1)
      .max(ACCESS_LIMITS.topicsPerRuleMax)
      .describe(
        'MQTT topic filters; `%u`, `%c`, `${username}`, `${clientid}`, `${cn}` stand for one level, `eq …` is that very text.',
      ),
    qos: z
      .array(z.union([z.literal(0), z.literal(1), z.literal(2)]))
      .min(1)
      .max(3)
      .optional()
      .describe('Only with one of these.'),
    retain: z.boolean().optional().describe('Only what is published with RETAIN set, or unset.'),
    phase: z
      .enum(['before', 'after'])
      .optional()
      .describe(
        'Asked before or after the rules of the client’s own credential or source; absent: a deny before, an allow after.',
      ),
  })
  .superRefine((value, ctx) => {
    for (const { path, message } of accessRuleProblems(value))
      ctx.addIssue({ code: 'custom', path: path.split('.'), message });
  });

/** The global access rules (auth.md §7). */
export const accessRules = z
  .array(rule)
  .max(ACCESS_LIMITS.rulesMax)
  .default([])
  .describe(
    'Global access rules in their order. Declared here they are changed here alone; otherwise the console and the API edit them.',
  );

export const aclCache = group('What is remembered of a source that is asked about each topic.', {
  enabled: z.boolean().default(true).describe('Remember its answers at all.'),
  max_entries: z
    .number()
    .int()
    .min(1)
    .max(1_024)
    .default(32)
    .describe('Answers remembered for each session.'),
  ttl_ms: z
    .number()
    .int()
    .min(1_000)
    .max(86_400_000)
    .default(60_000)
    .describe('Milliseconds that one counts.'),
});
