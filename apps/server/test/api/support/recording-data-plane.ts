import { type Attempt, createGuessingBudget, type Decision } from '@gatehouse/auth-core';
import { createBroker, systemClock, TroubledBook, WatchBook } from '@gatehouse/broker';
import type {
  AuthenticatorTest,
  BackendStatus,
  BrokerStats,
  ControlEvent,
  DataPlane,
  DryRunRequest,
  DryRunVerdict,
  ListenerStatus,
  NodeReport,
  SlowedGuessers,
  RawAuthenticator,
  TryAttempt,
  WatchTarget,
} from '@gatehouse/ports';

const STATS: BrokerStats = {
  startedAt: Date.parse('2026-05-01T10:00:00Z'),
  letsIn: true,
  isBusWell: null,
  connections: { open: 3, mqtt: 2, halfOpen: 1, byListener: { tcp: 3 } },
  sessions: { online: 2, persistent: 1 },
  auth: {
    accepted: 10,
    acceptedAnonymous: 0,
    refused: 4,
    busy: 1,
    refusedByFamily: { basic: 3, policy: 1 },
    refusedByReason: { BASIC_PASSWORD_MISMATCH: 3, CREDENTIAL_DISABLED: 1 },
    authenticators: [
      {
        name: 'builtin',
        type: 'builtin',
        enabled: true,
        allow: 10,
        deny: 4,
        ignore: 0,
        error: 0,
        p50Ms: 0.2,
        p95Ms: 1,
        lastError: null,
        backend: null,
      },
      {
        name: 'fleet',
        type: 'postgresql',
        enabled: false,
        allow: 3,
        deny: 0,
        ignore: 5,
        error: 2,
        p50Ms: 1.5,
        p95Ms: 40,
        lastError: { at: Date.parse('2026-05-01T10:00:30Z'), text: 'SOURCE_TIMEOUT' },
        backend: { breaker: 'open', running: 4, waiting: 2, pool: { open: 4, idle: 1, waiting: 0, max: 8 } },
      },
    ],
  },
  denied: 0,
  messages: {
    received: 100,
    sent: 200,
    dropped: 3,
    droppedBy: {
      offline: 1,
      slowClient: 0,
      queueFull: 2,
      expired: 0,
      forbidden: 0,
      tooLarge: 0,
      retainedFull: 0,
      retainedPerSubscribe: 0,
    },
    bytesReceived: 1000,
    bytesSent: 2000,
  },
  bounds: { queueMessagesMax: 2 },
  subscriptions: 5,
  retained: 1,
  journal: { enabled: true, problem: null, backlogBytes: 0, batches: 3, records: 9, bytes: 512 },
  recorder: {
    attempts: 4,
    itemised: 4,
    aggregated: 0,
    dropped: 0,
    entries: 0,
    entriesMax: 50_000,
    bytes: 0,
    bytesMax: 33_554_432,
    flushes: 1,
    lastFlushAt: null,
    lastFlushError: null,
  },
  hashing: { queued: 0, queueMs: 0, verified: 4, cacheHits: 6, cacheEntries: 2 },
  guessing: { failures: 7, refused: 3, busy: 1, forgiven: 2, entries: { pair: 4, username: 2, network: 1 } },
  eventLoopLagMs: { p50: 0.1, p99: 1, max: 5 },
  memory: { rssBytes: 100_000_000, heapUsedBytes: 20_000_000 },
};

const LISTENERS: readonly ListenerStatus[] = [
  { name: 'tcp', transport: 'tcp', enabled: true, host: '0.0.0.0', port: 1883, connections: 3 },
  { name: 'ws', transport: 'ws', enabled: true, host: '0.0.0.0', port: 8083, connections: 0 },
];

const attemptOf = (attempt: TryAttempt): Attempt => ({
  id: 'try',
  at: 0,
  listener: attempt.listener,
  chain: 'default',
  transport: 'tcp',
  ip: attempt.ip,
  port: 0,
  tls: null,
  protocolVersion: attempt.protocolVersion,
  clientId: attempt.clientId,
  clientIdAssigned: false,
  username: attempt.username,
  password: undefined,
  cleanStart: true,
  keepAliveSeconds: 60,
  authMethod: undefined,
  will: undefined,
});

/** A data plane that answers what a test sets and keeps what it is told, in order. */
export class RecordingDataPlane implements DataPlane {
  current: BrokerStats = STATS;
  listening: readonly ListenerStatus[] = LISTENERS;
  auth: Awaited<ReturnType<DataPlane['authState']>> = {
    anonymous: 'deny',
    enabledAuthenticators: ['builtin'],
    recording: true,
  };
  decision: Decision = {
    outcome: 'deny',
    reason: 'BASIC_NO_CREDENTIALS',
    by: 'builtin',
    detail: {},
    trace: [],
  };
  readonly watches = new WatchBook(systemClock);
  readonly troubled = new TroubledBook(systemClock);
  readonly events: ControlEvent[] = [];
  readonly calls: string[] = [];
  readonly tried: TryAttempt[] = [];
  readonly heldClientIds = new Set<string>();
  draining = false;

  /** What was asked to be tested, secrets among it: what the data plane would use. */
  readonly tested: { readonly name: string; readonly raw: RawAuthenticator }[] = [];
  backend: BackendStatus | null = null;

  authenticatorStatus(): Promise<BackendStatus | null> {
    return Promise.resolve(this.backend);
  }

  testAuthenticator(name: string, raw: RawAuthenticator): Promise<AuthenticatorTest> {
    this.tested.push({ name, raw });
    return Promise.resolve({ probe: { ok: true, ms: 1 }, step: null, explained: null });
  }

  stats(): Promise<BrokerStats> {
    return Promise.resolve(this.current);
  }

  /** Others beside this one, as they report. */
  others: readonly NodeReport[] = [];
  listNodes(): Promise<readonly NodeReport[]> {
    const { startedAt } = this.current;
    const own = { node: 'node-a', version: '0.1.0', host: 'test.local', startedAt, state: 'active' } as const;
    return Promise.resolve([{ ...own, stats: this.current }, ...this.others]);
  }

  /** The real budget: what the API lists and forgives is what the broker would. */
  readonly guessing = createGuessingBudget({ clock: systemClock });

  listSlowed(): Promise<SlowedGuessers> {
    const { guessing } = this;
    return Promise.resolve({
      enabled: true,
      items: guessing.list(),
      complete: true,
      counters: guessing.counters(),
    });
  }

  /** A broker without listeners: what is asked of it is answered by the real thing. */
  readonly broker = createBroker({
    listeners: [],
    chains: () => ({ decide: () => this.decision }),
    attempts: { refused: () => undefined, accepted: () => undefined },
    clock: systemClock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    node: 'node-a',
  });
  readonly listClients = this.broker.inspection.listClients;
  readonly previewBlock = this.broker.inspection.previewBlock;
  readonly getClient = this.broker.inspection.getClient;
  readonly disconnectClients = this.broker.inspection.disconnectClients;
  readonly listSubscriptions = this.broker.inspection.listSubscriptions;
  readonly removeSubscription = this.broker.inspection.removeSubscription;
  readonly listRetained = this.broker.inspection.listRetained;
  readonly getRetained = this.broker.inspection.getRetained;
  readonly deleteRetained = this.broker.inspection.deleteRetained;
  readonly countAnswers = this.broker.inspection.countAnswers;
  readonly askAccess = this.broker.inspection.askAccess;
  readonly publishMessage = this.broker.inspection.publishMessage;
  readonly publishAlert = this.broker.inspection.publishAlert;

  listeners(): Promise<readonly ListenerStatus[]> {
    return Promise.resolve(this.listening);
  }

  tryAttempt(attempt: TryAttempt): Promise<{ attempt: Attempt; decision: Decision }> {
    this.tried.push(attempt);
    return Promise.resolve({ attempt: attemptOf(attempt), decision: this.decision });
  }

  readonly dryRuns: DryRunRequest[] = [];
  dryVerdicts: (request: DryRunRequest) => readonly DryRunVerdict[] = () => [];

  dryRunChain(request: DryRunRequest): Promise<readonly DryRunVerdict[]> {
    this.dryRuns.push(request);
    return Promise.resolve(this.dryVerdicts(request));
  }

  flushDenials(): Promise<void> {
    this.calls.push('flushDenials');
    return Promise.resolve();
  }

  discardDenials(): Promise<void> {
    this.calls.push('discardDenials');
    return Promise.resolve();
  }

  flushRecorder(): Promise<void> {
    this.calls.push('flushRecorder');
    return Promise.resolve();
  }

  authState(): ReturnType<DataPlane['authState']> {
    return Promise.resolve(this.auth);
  }

  sessionsOf(credentialIds: readonly string[]): Promise<Readonly<Record<string, number>>> {
    return Promise.resolve(Object.fromEntries(credentialIds.map((id) => [id, 1])));
  }

  drain(isDraining: boolean): Promise<number> {
    this.draining = isDraining;
    return Promise.resolve(this.heldClientIds.size);
  }

  releaseSession(clientId: string): Promise<boolean> {
    return Promise.resolve(this.heldClientIds.delete(clientId));
  }

  listTroubled(): ReturnType<DataPlane['listTroubled']> {
    return Promise.resolve(this.troubled.list());
  }

  startWatch(target: WatchTarget): ReturnType<DataPlane['startWatch']> {
    return Promise.resolve(this.watches.start(target));
  }

  listWatches(): ReturnType<DataPlane['listWatches']> {
    return Promise.resolve(this.watches.list());
  }

  readWatch(id: string, after: number): ReturnType<DataPlane['readWatch']> {
    return Promise.resolve(this.watches.read(id, after));
  }

  stopWatch(id: string): Promise<boolean> {
    return Promise.resolve(this.watches.stop(id));
  }

  inForce(): Promise<void> {
    return Promise.resolve();
  }

  publish(event: ControlEvent): void {
    this.events.push(event);
    if (event.kind === 'failures-forgiven') this.guessing.forgive(event);
  }
}
