import type { StatsDto, statsQuery } from '@gatehouse/contract';
import type { BrokerStats, NodeReport, SeriesPoint, UnauthorizedRepository } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentAuthenticator } from '../../present/authenticator-stats.ts';
import { iso } from '../../present/time.ts';
import { presentRecorder } from '../unauthorized/recorder.ts';
import { LATE_MS } from './levels.ts';
import { SERIES_STEP_MS } from './names.ts';
import { presentNode, sumOf, sumsOf } from './nodes.ts';
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

/** Of the samples' own time: a minute holds as many of each node as fit. */
const perSecond = (nodes: readonly (readonly SeriesPoint[])[], name: string): number =>
  nodes.reduce((total, points) => total + sum(points, name) / ((points.length * SERIES_STEP_MS) / 1_000), 0);

/** A node that has sampled nothing of late is gone: others have its clients. */
const ratesOf = (points: readonly SeriesPoint[], now: number): StatsDto['rates'] => {
  const byNode = new Map<string, SeriesPoint[]>();
  for (const point of points) byNode.set(point.node, [...(byNode.get(point.node) ?? []), point]);
  const nodes = [...byNode.values()].filter((own) => (own.at(-1)?.at ?? 0) >= now - LATE_MS);
  return {
    messagesReceived: perSecond(nodes, 'messagesReceived'),
    messagesSent: perSecond(nodes, 'messagesSent'),
    bytesReceived: perSecond(nodes, 'bytesReceived'),
    bytesSent: perSecond(nodes, 'bytesSent'),
    dropped: perSecond(nodes, 'dropped'),
  };
};

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

const totalsOf = (reports: readonly NodeReport[]): StatsDto['totals'] => ({
  accepted: sumOf(reports, ({ auth }) => auth.accepted),
  refused: sumOf(reports, ({ auth }) => auth.refused),
  busy: sumOf(reports, ({ auth }) => auth.busy),
  messagesReceived: sumOf(reports, ({ messages }) => messages.received),
  messagesSent: sumOf(reports, ({ messages }) => messages.sent),
  bytesReceived: sumOf(reports, ({ messages }) => messages.bytesReceived),
  bytesSent: sumOf(reports, ({ messages }) => messages.bytesSent),
  dropped: sumOf(reports, ({ messages }) => messages.dropped),
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
  const [reports, state, listeners, credentials, open, minute, top] = await Promise.all([
    dataPlane.listNodes(),
    dataPlane.authState(),
    dataPlane.listeners(),
    store.credentials.count(),
    store.unauthorized.page({ state: { include: ['open'] } }, openRows),
    store.series.range(now - MINUTE_MS, now + 1),
    topLists(store.unauthorized, range, query.top),
  ]);
  const stats = reports.find(({ node }) => node === config.node)?.stats ?? (await dataPlane.stats());
  return {
    version: config.version,
    node: config.node,
    nodes: reports.map(presentNode),
    startedAt: iso(stats.startedAt),
    now: iso(now),
    clientsOnline: sumOf(reports, ({ sessions }) => sessions.online),
    credentials,
    unauthorizedOpen: open.total,
    unauthorizedOpenIsExact: open.totalIsExact,
    ...lastMinute(minute),
    totals: totalsOf(reports),
    rates: ratesOf(minute, now),
    droppedByReason: sumsOf(reports, ({ messages }) => messages.droppedBy),
    refusedByReason: sumsOf(reports, ({ auth }) => auth.refusedByReason),
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
