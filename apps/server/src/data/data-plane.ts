import { randomBytes } from 'node:crypto';
import {
  createAttemptInspector,
  createBroker,
  createRecorder,
  systemClock,
  TroubledBook,
  WatchBook,
  type Broker,
  type ClusterLinks,
} from '@gatehouse/broker';
import { createHashing } from '@gatehouse/hashing';
import type {
  AttemptSink,
  AuthSetup,
  BrokerStats,
  ControlEvent,
  ControlPlane,
  DataPlane,
  JournalStore,
  RetainedLeft,
  ListenerStatus,
} from '@gatehouse/ports';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { IdentityFilter } from '../identity-filter.ts';
import { ownReport, ownSelf } from './all-nodes.ts';
import { createAuthPart } from './auth-part.ts';
import { createBlocks } from './blocks.ts';
import { createDenials } from './denials.ts';
import { createCredentialSource } from './credential-source.ts';
import { createGuessing } from './guessing.ts';
import { watchLoopLag } from './loop-lag.ts';
import { type Certificates, listenerConfigs } from './listener-configs.ts';
import { accessOptions, brokerLimits, connackOf, withoutPassword } from './parts.ts';
import { createRegrant } from './regrant.ts';
import { createRehash } from './rehash.ts';
import { createStoredPskKeys } from './psk-keys.ts';
import { createStoredCredentials } from './stored-credentials.ts';
import { VERSION } from '../runtime/version.ts';

export interface DataPlaneOptions {
  readonly config: Config;
  readonly node: string;
  /** Of the TLS listeners that are enabled. */
  readonly certificates: Certificates;
  /** The control plane, over its thread's port. */
  readonly control: ControlPlane;
  /** Opens `journal.db`, once the control plane holds the data directory; undefined: `journal: memory`. */
  readonly openJournal: (() => Promise<JournalStore>) | undefined;
  /** The other nodes, once the journal is open; undefined: there are none. */
  readonly cluster: (() => Promise<ClusterLinks>) | undefined;
  /** Whether messages cross between all nodes that live; undefined: there are no others. */
  readonly isBusWell: () => boolean | undefined;
  /** The server has written CAs or revocation lists that its listeners go by. */
  readonly trustChanged: () => void;
  /** Retained messages of nodes that ran beside this one, which runs by itself. */
  readonly retainedLeft: (() => RetainedLeft) | undefined;
  readonly log: Logger;
}

/** The main thread's half: broker, chains, caches, recorder. */
export interface RunningDataPlane {
  /** What the control plane asks of it. */
  readonly methods: DataPlane;
  readonly broker: Pick<Broker, 'listeners' | 'served' | 'prepare' | 'useCertificate' | 'holdOff'>;
  /**
   * Opens the listeners. `identities` is the memory of an `IdentityFilter`, where there is one; `setup` is what decides
   * from then on; `scramSecret` makes the salts of unknown SCRAM users.
   */
  start(identities: SharedArrayBuffer | undefined, setup: AuthSetup, scramSecret: Uint8Array): Promise<void>;
  /** Closes the listeners and clients, then writes what the recorder still holds. */
  stop(): Promise<void>;
}

const SCRAM_SECRET_BYTES = 32;

/** Composes the data plane; nothing is opened before `start()`. */
export function createDataPlane({
  config,
  node,
  certificates,
  control,
  openJournal,
  cluster,
  retainedLeft,
  isBusWell,
  trustChanged,
  log,
}: DataPlaneOptions): RunningDataPlane {
  const clock = systemClock;
  const startedAt = clock.now();
  const lag = watchLoopLag();
  const hashing = createHashing({ clock });
  const source = createCredentialSource({ lookup: (queries) => control.lookupCredentials(queries), clock });
  const pskKeys = createStoredPskKeys();
  const stored = createStoredCredentials({ lookup: (queries) => control.lookupTyped(queries), clock });
  const guessing = createGuessing({ config, control, clock, log });
  // Until the control plane tells the lasting one, before the first listener opens.
  let scramSecret: Uint8Array = randomBytes(SCRAM_SECRET_BYTES);
  const auth = createAuthPart({
    config,
    source,
    stored,
    verifier: hashing.verifier,
    scram: {
      crypto: hashing.scram,
      iterations: config.auth.scram_iterations,
      secret: () => scramSecret,
    },
    budget: guessing.budget,
    clock,
    decided: createRehash({ source, hasher: hashing.hasher, rehashed: (update) => control.rehashed(update) }),
  });
  const blocks = createBlocks({ control, clock, log });
  const denials = createDenials({ control, clock, log });
  const recorder = createRecorder({
    flush: (batch) => control.flushAttempts(batch),
    inspector: createAttemptInspector({ credentials: source, inspector: hashing.inspector }),
    clock,
    node,
  });
  const troubled = new TroubledBook(clock);
  const attempts: AttemptSink = {
    refused: (attempt) => {
      if (config.unauthorized.enabled) recorder.refused(attempt);
    },
    accepted: (login) => {
      recorder.accepted(login);
      troubled.accepted(login);
    },
    left: (clientId) => {
      troubled.left(clientId);
    },
  };
  const watches = new WatchBook(clock);
  const broker = createBroker({
    listeners: listenerConfigs(config, certificates, pskKeys.find),
    limits: brokerLimits(config),
    chains: (name) => auth.chains.of(name),
    blocks: blocks.gate,
    access: accessOptions(config, auth.ask),
    attempts,
    watches,
    denials: denials.book,
    attemptReference: config.unauthorized.attempt_reference,
    clock,
    log,
    node,
    trustedProxies: config.trusted_proxies,
    regrant: createRegrant(source, stored, clock),
    connackOf: connackOf(config),
    openJournal,
    cluster,
    retainedLeft,
    version: `gatehouse version ${VERSION}`,
  });
  const apply = (event: ControlEvent): void => {
    // First what later decisions rest on, then the sessions that are open.
    if (event.kind === 'credentials-changed') {
      stored.changed(event.changes);
      source.changed(event.changes);
    }
    if (event.kind === 'psk-keys-changed') pskKeys.change(event);
    if (event.kind === 'auth-changed') auth.use(event.setup);
    if (event.kind === 'blocks-changed') blocks.gate.change(event.put, event.removed);
    if (event.kind === 'failures-forgiven') guessing.forgive(event);
    if (event.kind === 'failures-elsewhere') guessing.elsewhere(event.failures);
    if (event.kind === 'trust-changed') trustChanged();
    if (event.kind === 'everything-changed') {
      stored.everythingChanged();
      source.everythingChanged();
      pskKeys.use(event.pskKeys);
      blocks.gate.use(event.blocks);
    }
    broker.applyControlEvent(event);
  };
  const stats = (): Promise<BrokerStats> =>
    Promise.resolve({
      startedAt,
      isBusWell: isBusWell() ?? null,
      ...auth.stats(broker.stats()),
      recorder: recorder.counters(),
      hashing: hashing.stats(),
      guessing: guessing.counters(),
      eventLoopLagMs: lag.read(),
      memory: { rssBytes: process.memoryUsage.rss(), heapUsedBytes: process.memoryUsage().heapUsed },
    });
  return {
    methods: {
      ...broker.inspection,
      ...guessing.inspection,
      ...denials.methods,
      stats,
      listNodes: async () => [await ownReport(ownSelf(node), { stats })],
      listeners: () => Promise.resolve(broker.listeners()),
      tryAttempt: async (attempt) => withoutPassword(await broker.tryAttempt(attempt)),
      flushRecorder: () => recorder.flushNow(),
      ...auth.methods((request) => broker.trialAttempt(request)),
      sessionsOf: (credentialIds) => Promise.resolve(broker.sessionsOf(credentialIds)),
      drain: (isDraining) => Promise.resolve(broker.drain(isDraining)),
      releaseSession: (clientId) => Promise.resolve(broker.releaseSession(clientId)),
      listTroubled: () => Promise.resolve(troubled.list()),
      startWatch: (target) => Promise.resolve(watches.start(target)),
      listWatches: () => Promise.resolve(watches.list()),
      readWatch: (id, after) => Promise.resolve(watches.read(id, after)),
      stopWatch: (id) => Promise.resolve(watches.stop(id)),
      publish: apply,
      inForce: () => Promise.resolve(),
    },
    broker,
    start: async (identities, setup, lasting) => {
      scramSecret = lasting;
      auth.use(setup);
      if (identities !== undefined) source.use(new IdentityFilter(identities));
      await broker.start();
    },
    stop: async () => {
      await broker.stop();
      await recorder.stop();
      await blocks.stop();
      await guessing.stop();
      await denials.stop();
      await Promise.all([auth.close(), hashing.close()]);
      lag.close();
    },
  };
}

/** The port of a listener in use; null when it is off. */
export const portOf = (listeners: readonly ListenerStatus[], name: string): number | null =>
  listeners.find((listener) => listener.name === name)?.port ?? null;
