import { FAMILIES, REASON_CODES } from '@gatehouse/auth-core';
import { DROP_REASONS, type BrokerStats } from '@gatehouse/ports';
import { Counter, Gauge, Registry } from 'prom-client';
import { authorize, type Context } from '../../context.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [value: number, labels?: Labels];

/** One metric family in a registry that lives for one scrape: the numbers are the data plane's, not this process's. */
const add = (
  registry: Registry,
  kind: 'counter' | 'gauge',
  name: string,
  help: string,
  samples: readonly Sample[],
): void => {
  const labelNames = Object.keys(samples[0]?.[1] ?? {});
  const settings = { name: `gatehouse_${name}`, help, labelNames, registers: [registry] };
  if (kind === 'counter') {
    const counter = new Counter(settings);
    for (const [value, labels] of samples) counter.inc(labels ?? {}, value);
    return;
  }
  const gauge = new Gauge(settings);
  for (const [value, labels] of samples) gauge.set(labels ?? {}, value);
};

/** Labels come from the reason catalogue and the configuration, never from what a client sends. */
const addAuth = (registry: Registry, { auth, recorder, hashing }: BrokerStats): void => {
  const counter = (name: string, help: string, samples: readonly Sample[]) =>
    add(registry, 'counter', name, help, samples);
  counter('connects_accepted_total', 'Connects admitted', [[auth.accepted]]);
  counter('connects_accepted_anonymous_total', 'Connects admitted by the anonymous policy', [
    [auth.acceptedAnonymous],
  ]);
  counter('connects_busy_total', 'Connects answered busy', [[auth.busy]]);
  counter(
    'connects_refused_total',
    'Connects refused, by reason family',
    FAMILIES.map((family) => [auth.refusedByFamily[family] ?? 0, { family }]),
  );
  counter(
    'connects_refused_by_reason_total',
    'Connects refused, by reason',
    REASON_CODES.map((reason) => [auth.refusedByReason[reason] ?? 0, { reason }]),
  );
  counter(
    'authenticator_verdicts_total',
    'Verdicts of each authenticator',
    auth.authenticators.flatMap((one) =>
      (['allow', 'deny', 'ignore', 'error'] as const).map((outcome): Sample => [
        one[outcome],
        { authenticator: one.name, outcome },
      ]),
    ),
  );
  counter('attempts_total', 'Refused attempts, by what the recorder did with them', [
    [recorder.itemised, { outcome: 'itemised' }],
    [recorder.aggregated, { outcome: 'aggregated' }],
    [recorder.dropped, { outcome: 'dropped' }],
  ]);
  add(registry, 'gauge', 'recorder_bytes', 'Accounted bytes of the recorder', [[recorder.bytes]]);
  add(registry, 'gauge', 'recorder_entries', 'Entries in the recorder', [[recorder.entries]]);
  counter('hash_verifications_total', 'Password verifications done', [[hashing.verified]]);
  counter('hash_cache_hits_total', 'Password verifications answered from the verified cache', [
    [hashing.cacheHits],
  ]);
  add(registry, 'gauge', 'hash_queue', 'Verifications waiting', [[hashing.queued]]);
};

/** The guessing budget (auth.md §9). */
const addGuessing = (registry: Registry, { guessing }: BrokerStats): void => {
  const { entries, failures, refused, busy, forgiven } = guessing;
  add(registry, 'counter', 'guesses_total', 'Guesses at secrets, by what the guessing budget did', [
    [failures, { outcome: 'failed' }],
    [refused, { outcome: 'refused' }],
    [busy, { outcome: 'busy' }],
    [forgiven, { outcome: 'forgiven' }],
  ]);
  add(registry, 'gauge', 'guessing_entries', 'Guessers remembered, by kind', [
    [entries.pair, { kind: 'pair' }],
    [entries.username, { kind: 'username' }],
    [entries.network, { kind: 'network' }],
  ]);
};

const addBroker = (registry: Registry, stats: BrokerStats): void => {
  const gauge = (name: string, help: string, samples: readonly Sample[]) =>
    add(registry, 'gauge', name, help, samples);
  gauge('start_time_seconds', 'Start of the data plane, Unix time', [[stats.startedAt / 1000]]);
  gauge(
    'connections',
    'Open connections, by listener',
    Object.entries(stats.connections.byListener).map(([listener, count]) => [count, { listener }]),
  );
  gauge('connections_half_open', 'Connections that have not been admitted yet', [
    [stats.connections.halfOpen],
  ]);
  gauge('sessions_online', 'Sessions with a connection', [[stats.sessions.online]]);
  gauge('sessions_persistent', 'Sessions that outlive their connection', [[stats.sessions.persistent]]);
  gauge('subscriptions', 'Subscriptions', [[stats.subscriptions]]);
  gauge('retained_messages', 'Retained messages', [[stats.retained]]);
  gauge('journal_failing', '1 while the journal cannot be written', [
    [Number(stats.journal.problem !== null)],
  ]);
  gauge('journal_backlog_bytes', 'Bytes that wait for the disk', [[stats.journal.backlogBytes]]);
  gauge('journal_bytes', 'Bytes of the journal', [[stats.journal.bytes]]);
  add(registry, 'counter', 'access_denied_total', 'Publishes and subscriptions that access rules forbade', [
    [stats.denied],
  ]);
  add(registry, 'counter', 'messages_total', 'Application messages, by direction', [
    [stats.messages.received, { direction: 'received' }],
    [stats.messages.sent, { direction: 'sent' }],
    [stats.messages.dropped, { direction: 'dropped' }],
  ]);
  add(
    registry,
    'counter',
    'messages_dropped_total',
    'Messages dropped, by why',
    DROP_REASONS.map((reason) => [stats.messages.droppedBy[reason], { reason }]),
  );
  add(
    registry,
    'counter',
    'limits_met_total',
    'How often each limit was met',
    Object.entries(stats.bounds).map(([limit, count]) => [count, { limit }]),
  );
  add(registry, 'counter', 'bytes_total', 'Bytes on the wire, by direction', [
    [stats.messages.bytesReceived, { direction: 'received' }],
    [stats.messages.bytesSent, { direction: 'sent' }],
  ]);
  gauge('event_loop_lag_milliseconds', 'Event loop lag of the data plane, by quantile', [
    [stats.eventLoopLagMs.p50, { quantile: '0.5' }],
    [stats.eventLoopLagMs.p99, { quantile: '0.99' }],
    [stats.eventLoopLagMs.max, { quantile: '1' }],
  ]);
  gauge('resident_memory_bytes', 'Resident memory of the server', [[stats.memory.rssBytes]]);
  gauge('heap_used_bytes', 'Heap in use by the data plane', [[stats.memory.heapUsedBytes]]);
};

/** The numbers in Prometheus' text format. A scrape needs a key with `stats:read`, from loopback too. */
export const getMetrics = async (ctx: Context): Promise<string> => {
  authorize(ctx, 'stats:read');
  const stats = await ctx.house.dataPlane.stats();
  const registry = new Registry();
  addAuth(registry, stats);
  addGuessing(registry, stats);
  addBroker(registry, stats);
  return registry.metrics();
};
