import { REASON_CODES, type ReasonCode } from '@gatehouse/auth-core/reasons';
import { z } from 'zod';
import { isoTime } from './common.ts';

/** How refusals stand against the period before; `unknown`: nothing is kept of that. */
const TRENDS = ['worse', 'better', 'steady', 'unknown'] as const;

/** A number of the range and the same number of the period before, which has the same length; null: not known. */
const compared = z.object({ now: z.number().nullable(), before: z.number().nullable() });

/** Clients of the table under the same filters and range; not exact: at least so many. */
const counted = { clients: z.number().int(), isExact: z.boolean() };
const firstSeen = z.object({ value: z.string(), firstAt: isoTime, ...counted });

/** `GET /stats/overview?from&to`: a range beside the period before it (default: last 24 h). */
export const overviewQuery = z.object({ from: isoTime.optional(), to: isoTime.optional() }).strict();
export const overview = z.object({
  from: isoTime,
  to: isoTime,
  /** Where the period before begins; it ends where the range begins. */
  beforeFrom: isoTime,
  /** Samples are counted from here, where they do not reach back to `from`; null: they do. */
  countedFrom: isoTime.nullable(),
  trend: z.enum(TRENDS),
  /** Connects let in, refused attempts, and refused of all decided (0…1). */
  accepted: compared,
  refused: compared,
  refusalRatio: compared,
  /** Clients online at the end, and at the beginning. */
  online: compared,
  /** Clients whose last refusal is in the range, by family; `isExact` false: estimated from a sample. */
  refusedClients: z.object({
    ...counted,
    attempts: z.number().int(),
    families: z.array(z.object({ value: z.string(), clients: z.number().int() })),
  }),
  /** Clients whose first refusal is in the range; `before`: in the period before. */
  newClients: z.object({ ...counted, before: z.object(counted) }),
  /** Refused for the first time in the range, newest first. */
  news: z.object({
    reasons: z.array(firstSeen),
    networks: z.array(firstSeen),
    clients: z.array(
      z.object({
        id: z.string(),
        clientId: z.string(),
        ip: z.string(),
        reason: z.string(),
        firstAt: isoTime,
      }),
    ),
  }),
  /** Clients that began to be refused for one reason within the same ten minutes, largest first. */
  incidents: z.array(
    z.object({
      reason: z.enum(REASON_CODES as readonly [ReasonCode, ...ReasonCode[]]),
      /** First refusals from here and before there: filters `firstFrom` and `firstTo` of the table. */
      firstFrom: isoTime,
      firstTo: isoTime,
      beganAt: isoTime,
      ...counted,
      /** The audit entry just before, if one may explain it. */
      auditId: z.string().nullable(),
      /** The network from which somebody among them probably guesses secrets; null: nobody seems to. */
      guessing: z.string().nullable(),
    }),
  ),
  /** Networks that somebody guesses secrets from, as far as it shows, the most attempts first; lower bounds. */
  guessing: z.array(
    z.object({
      network: z.string(),
      clients: z.number().int(),
      usernames: z.number().int(),
      secrets: z.number().int(),
      attempts: z.number().int(),
      lastAt: isoTime,
      /** So many wrong secrets came from there, under whatever names, that all its attempts are slowed now. */
      slowed: z.boolean(),
      /** Nothing comes from there any more: the network is blocked. */
      blocked: z.boolean(),
    }),
  ),
});
export type OverviewDto = z.infer<typeof overview>;
