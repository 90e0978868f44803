import type { StatsDto, statsQuery } from '@gatehouse/contract';
import type { BrokerStats, SeriesPoint, UnauthorizedRepository } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentAuthenticator } from '../../present/authenticator-stats.ts';
import { iso } from '../../present/time.ts';
import { presentRecorder } from '../unauthorized/recorder.ts';
import { SERIES_STEP_MS } from './names.ts';
import { rangeOf } from './range.ts';

const MINUTE_MS = 60_000;
const NO_TOP: StatsDto['top'] = { reasons: [], ips: [], usernames: [], clientIds: [] };

const sum = (points: readonly SeriesPoint[], name: string): number =>
  points.reduce((total, point) => total + (point.values[name] ?? 0), 0);

/** What the last minute's samples say; zero until the first sample is stored. */
const lastMinute = (points: readonly SeriesPoint[]) => {
  const acceptedPerMinute = sum(points, 'accepted');
  const refusedPerMinute = sum(points, 'refused');
  const decided = acceptedPerMinute + refusedPerMinute;
  return {
    acceptedPerMinute,
    refusedPerMinute,
    refusalRatio: decided === 0 ? null : refusedPerMinute / decided,
  };
};

/** Of the samples' own time: a minute holds as many of them as fit. */
const perSecond = (points: readonly SeriesPoint[], name: string): number =>
  points.length === 0 ? 0 : sum(points, name) / ((points.length * SERIES_STEP_MS) / 1_000);

const ratesOf = (points: readonly SeriesPoint[]): StatsDto['rates'] => ({
  messagesReceived: perSecond(points, 'messagesReceived'),
  messagesSent: perSecond(points, 'messagesSent'),
  bytesReceived: perSecond(points, 'bytesReceived'),
  bytesSent: perSecond(points, 'bytesSent'),
  dropped: perSecond(points, 'dropped'),
});

const topLists = async (
  unauthorized: UnauthorizedRepository,
  range: { readonly from: number; readonly to: number },
  length: number,
): Promise<StatsDto['top']> => {
  if (length === 0) return NO_TOP;
  const list = async (by: 'reason' | 'ip' | 'username' | 'clientId') =>
    (await unauthorized.top(by, range, length)).map(({ value, count }) => ({ value, count }));
  const [reasons, ips, usernames, clientIds] = await Promise.all([
    list('reason'),
    list('ip'),
    list('username'),
    list('clientId'),
  ]);
  return { reasons, ips, usernames, clientIds };
};

const totalsOf = (stats: BrokerStats): StatsDto['totals'] => ({
  accepted: stats.auth.accepted,
  refused: stats.auth.refused,
  busy: stats.auth.busy,
  messagesReceived: stats.messages.received,
  messagesSent: stats.messages.sent,
  bytesReceived: stats.messages.bytesReceived,
  bytesSent: stats.messages.bytesSent,
  dropped: stats.messages.dropped,
});

const journalOf = ({
  journal: { enabled, problem, backlogBytes, bytes },
}: BrokerStats): StatsDto['journal'] => ({
  enabled,
  problem,
  backlogBytes,
  bytes,
});

/** Now, the last minute, and the top lists over a range: what the overview shows. */
export const getStats = async (ctx: Context, query: z.output<typeof statsQuery>): Promise<StatsDto> => {
  authorize(ctx, 'stats:read');
  const { store, dataPlane, clock, config } = ctx.house;
  const now = clock.now();
  const range = rangeOf(query, now);
  const openRows = { limit: 1, sort: { field: 'lastAttemptAt', direction: 'desc' } } as const;
  const [stats, state, listeners, credentials, open, minute, top] = await Promise.all([
    dataPlane.stats(),
    dataPlane.authState(),
    dataPlane.listeners(),
    store.credentials.count(),
    store.unauthorized.page({ state: { include: ['open'] } }, openRows),
    store.series.range(now - MINUTE_MS, now + 1),
    topLists(store.unauthorized, range, query.top),
  ]);
  return {
    version: config.version,
    node: config.node,
    startedAt: iso(stats.startedAt),
    now: iso(now),
    clientsOnline: stats.sessions.online,
    credentials,
    unauthorizedOpen: open.total,
    unauthorizedOpenIsExact: open.totalIsExact,
    ...lastMinute(minute),
    totals: totalsOf(stats),
    rates: ratesOf(minute),
    droppedByReason: { ...stats.messages.droppedBy },
    refusedByReason: { ...stats.auth.refusedByReason },
    top,
    anonymous: state.anonymous,
    authenticators: stats.auth.authenticators.flatMap((one) => presentAuthenticator(one) ?? []),
    listeners: listeners.map((one) => ({ ...one })),
    recorder: presentRecorder(state, stats.recorder),
    guessing: { ...stats.guessing, entries: { ...stats.guessing.entries } },
    journal: journalOf(stats),
    eventLoopLagMs: stats.eventLoopLagMs,
    memory: stats.memory,
  };
};
