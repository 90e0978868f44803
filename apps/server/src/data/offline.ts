import { type Block, createBlockGate, Secret } from '@gatehouse/auth-core';
import { createBroker, type ListenerConfig, systemClock } from '@gatehouse/broker';
import { createHashing } from '@gatehouse/hashing';
import type { BrokerStats, DataPlane } from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import { re2Patterns } from '../re2-patterns.ts';
import { NO_BUDGET } from './authenticators/no-budget.ts';
import { createAuthPart } from './auth-part.ts';
import { createCredentialSource, type CredentialSourceOptions } from './credential-source.ts';
import { type Certificates, listenerConfigs } from './listener-configs.ts';
import { NOTHING_GUESSED, nobodySlowed } from './guessing.ts';
import { brokerLimits, withoutPassword } from './parts.ts';
import { createStoredCredentials, type StoredCredentialsOptions } from './stored-credentials.ts';

const NO_RECORDER: BrokerStats['recorder'] = {
  attempts: 0,
  itemised: 0,
  aggregated: 0,
  dropped: 0,
  entries: 0,
  entriesMax: 0,
  bytes: 0,
  bytesMax: 0,
  flushes: 0,
  lastFlushAt: null,
  lastFlushError: null,
};
/** Nobody is told the salts that are made with it. */
const NO_SECRET = new Uint8Array();
const NO_LAG = { p50: 0, p99: 0, max: 0 } as const;
/** Its listeners are asked for their names and chains only. */
const NONE = { key: new Secret(''), cert: '' };
const NEVER_SERVED: Certificates = { tls: NONE, wss: NONE };
/** What a listener makes of certificates and keys only a running server can tell, which has read its files. */
const withoutTrust = ({ tls, ...listener }: ListenerConfig): ListenerConfig =>
  tls === undefined
    ? listener
    : { ...listener, tls: { ...tls, clientCertificates: undefined, preSharedKeys: undefined } };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * A data plane for a command while no server runs: it opens nothing and has no sessions, but its chain decides as the
 * server's would, for `gatehouse try`.
 */
export function offlineDataPlane(
  config: Config,
  lookup: CredentialSourceOptions['lookup'],
  lookupTyped: StoredCredentialsOptions['lookup'],
  /** Who is blocked, asked for every attempt. */
  blocked: () => Promise<readonly Block[]>,
): { readonly dataPlane: DataPlane; readonly close: () => Promise<void> } {
  const clock = systemClock;
  const hashing = createHashing({ clock, workers: 1 });
  const source = createCredentialSource({ lookup, clock });
  const stored = createStoredCredentials({ lookup: lookupTyped, clock });
  const auth = createAuthPart({
    config,
    source,
    stored,
    verifier: hashing.verifier,
    scram: {
      crypto: hashing.scram,
      iterations: config.auth.scram_iterations,
      secret: () => NO_SECRET,
    },
    budget: NO_BUDGET,
    clock,
  });
  const blocks = createBlockGate({ clock, patterns: re2Patterns });
  const broker = createBroker({
    listeners: listenerConfigs(config, NEVER_SERVED).map(withoutTrust),
    limits: brokerLimits(config),
    chains: (name) => auth.chains.of(name),
    blocks,
    attempts: { refused: () => undefined, accepted: () => undefined },
    clock,
    log: quiet,
    node: '',
  });
  const startedAt = clock.now();
  const dataPlane: DataPlane = {
    ...broker.inspection,
    ...nobodySlowed,
    listNodes: () => Promise.resolve([]),
    stats: () =>
      Promise.resolve({
        startedAt,
        isBusWell: null,
        ...auth.stats(broker.stats()),
        recorder: NO_RECORDER,
        hashing: hashing.stats(),
        guessing: NOTHING_GUESSED,
        eventLoopLagMs: NO_LAG,
        memory: { rssBytes: process.memoryUsage.rss(), heapUsedBytes: process.memoryUsage().heapUsed },
      }),
    listeners: () => Promise.resolve([]),
    tryAttempt: async (attempt) => {
      blocks.use(await blocked());
      return withoutPassword(await broker.tryAttempt(attempt));
    },
    flushRecorder: () => Promise.resolve(),
    flushDenials: () => Promise.resolve(),
    discardDenials: () => Promise.resolve(),
    ...auth.methods((request) => broker.trialAttempt(request)),
    sessionsOf: () => Promise.resolve({}),
    drain: () => Promise.resolve(0),
    releaseSession: () => Promise.resolve(false),
    listTroubled: () => Promise.resolve({ items: [], complete: true }),
    startWatch: () => Promise.resolve(null),
    listWatches: () => Promise.resolve([]),
    readWatch: () => Promise.resolve(null),
    stopWatch: () => Promise.resolve(false),
    inForce: () => Promise.resolve(),
    publish: (event) => {
      if (event.kind === 'credentials-changed') {
        stored.changed(event.changes);
        source.changed(event.changes);
      }
      if (event.kind === 'auth-changed') auth.use(event.setup);
    },
  };
  const close = async (): Promise<void> => {
    await Promise.all([auth.close(), hashing.close()]);
  };
  return { dataPlane, close };
}
