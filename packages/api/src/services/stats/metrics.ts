import { FAMILIES, REASON_CODES } from '@gatehouse/auth-core';
import { type AuthenticatorStats, type BrokerStats, DROP_REASONS } from '@gatehouse/ports';
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
  if (samples.length === 0) return;
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

/** How long each authenticator takes, and how those with a backend find it just now. */
const addBackends = (registry: Registry, authenticators: readonly AuthenticatorStats[]): void => {
  const gauge = (
    name: string,
    help: string,
    samplesOf: (one: AuthenticatorStats) => readonly (readonly [number | null | undefined, Labels?])[],
  ) => {
    const samples = authenticators.flatMap((one) =>
      samplesOf(one).flatMap(([value, labels]): Sample[] =>
        typeof value === 'number' ? [[value, { authenticator: one.name, ...labels }]] : [],
      ),
    );
    add(registry, 'gauge', `authenticator_${name}`, help, samples);
  };
  gauge('enabled', '1 while the authenticator is switched on', ({ enabled }) => [[Number(enabled)]]);
  gauge('milliseconds', 'Time of each authenticator for one client, by quantile', ({ p50Ms, p95Ms }) => [
    [p50Ms, { quantile: '0.5' }],
    [p95Ms, { quantile: '0.95' }],
  ]);
  gauge('last_error_time_seconds', 'Latest error of each authenticator, Unix time', ({ lastError }) => [
    [lastError === null ? null : lastError.at / 1000],
  ]);
  gauge('breaker_open', '1 while the backend is left alone after errors in a row', ({ backend }) => [
    [backend === null ? null : Number(backend.breaker !== 'closed')],
  ]);
  gauge('questions', 'Clients that the backend is asked about, or that wait for it', ({ backend }) => [
    [backend?.running, { state: 'running' }],
    [backend?.waiting, { state: 'waiting' }],
  ]);
  gauge('connections', 'Connections to the backend', ({ backend }) => [
    [backend?.pool?.open, { state: 'open' }],
    [backend?.pool?.idle, { state: 'idle' }],
    [backend?.pool?.max, { state: 'max' }],
  ]);
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
  addBackends(registry, auth.authenticators);
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
