import type { Duplex } from 'node:stream';
import type { BrokerStats, ControlEvent, Inspection, ListenerStatus, TryAttempt } from '@gatehouse/ports';
import type { Attempt, Decision } from '@gatehouse/auth-core';
import { type BrokerOptions, LIMITS, type Limits, type ServerCertificate } from './config.ts';
import { Connection } from './connection/connection.ts';
import { recordStranger } from './connection/refusal.ts';
import { rehearse, toTrialAttempt } from './connection/trial.ts';
import type { BrokerContext, Peer } from './context.ts';
import { createContext } from './create-context.ts';
import { reviewAccess } from './access/review.ts';
import { closeBlocked } from './blocked.ts';
import { applyCredentialChanges, closeCredentialed } from './control.ts';
import { createInspection } from './inspect/inspection.ts';
import { createDoorman } from './listeners/access-list.ts';
import { parseTrustedProxies } from './listeners/address.ts';
import { AcceptGate, type Admittance } from './listeners/gate.ts';
import { createListener } from './listeners/create.ts';
import type { Listener, ListenerEvents, ListenerNeeds } from './listeners/listener.ts';
import { type Durability, openDurability, type ReadJournal, readJournal } from './journal/durability.ts';
import { ReasonCode } from './protocol/reason-codes.ts';
import { Sweep } from './session/sweep.ts';
import type { AuthCounts } from './telemetry/counters.ts';
import { SysTopics } from './telemetry/sys-topics.ts';

/** The broker's share of `BrokerStats`; the composition adds recorder, hashing and process. */
export type BrokerPartStats = Pick<
  BrokerStats,
  | 'letsIn'
  | 'connections'
  | 'sessions'
  | 'messages'
  | 'denied'
  | 'bounds'
  | 'subscriptions'
  | 'retained'
  | 'journal'
> & { readonly auth: AuthCounts };

/** What was done for clients that were let in, since start. */
export interface Served {
  /** Received and sent. */
  readonly messages: number;
  readonly logins: number;
}

/** A running MQTT server. */
export interface Broker {
  /** What operators ask of and do to sessions, subscriptions and retained messages. */
  readonly inspection: Inspection;
  /** Begins to read the journal while the caller does something else; `start()` waits for it, and tells what failed. */
  prepare(): void;
  /**
   * Opens all listeners, or none.
   *
   * @throws Error naming the listener, with Node's `code`, when a port cannot be opened.
   */
  start(): Promise<void>;
  /** Tells the clients (0x8B), closes everything and resolves when it is closed. */
  stop(): Promise<void>;
  listeners(): readonly ListenerStatus[];
  /**
   * Serves another certificate on a TLS listener; connections that are open keep theirs.
   *
   * @throws Error when OpenSSL cannot use it; the one before stays.
   */
  useCertificate(listener: string, certificate: ServerCertificate): void;
  stats(): BrokerPartStats;
  /** Messages received and sent, and logins, since start: `stats()` without the work of counting sessions. */
  served(): Served;
  /** Open sessions by the credential that admitted them; credentials without one are left out. */
  sessionsOf(credentialIds: readonly string[]): Readonly<Record<string, number>>;
  /**
   * Lets nobody in, and closes whoever is connected, for as long as another node may go on with their sessions: this one
   * cannot say for now that it lives.
   */
  holdOff(isHeldOff: boolean): void;
  /**
   * Sends every client to the other nodes (0x9C) and lets nobody in, or lets them in again. Sessions stay until their
   * clients connect elsewhere. Returns how many were connected.
   */
  drain(isDraining: boolean): number;
  /** Ends the session of this client ID, whoever owns it. False when there is none. */
  releaseSession(clientId: string): boolean;
  /** Lets open sessions follow a change at once. */
  applyControlEvent(event: ControlEvent): void;
  /** The attempt that such a request describes, for whoever asks an authenticator about it. */
  trialAttempt(request: TryAttempt): Attempt;
  /** Runs the chain on a made-up attempt; nothing is recorded. */
  tryAttempt(request: TryAttempt): Promise<{ readonly attempt: Attempt; readonly decision: Decision }>;
}

/**
 * Makes a broker; nothing is opened before `start()`.
 *
 * @example
 * const broker = createBroker({ listeners, chains, attempts, clock: systemClock, log, node: 'one' });
 * await broker.start();
 */
export function createBroker(options: BrokerOptions): Broker {
  return new GatehouseBroker(options);
}

const ADMINISTRATIVE = { code: ReasonCode.administrativeAction, what: 'released', publishWill: true };
const DRAINED = { code: ReasonCode.useAnotherServer, what: 'drained', publishWill: false };
const AT_RISK = { code: ReasonCode.serverBusy, what: 'lease-at-risk', publishWill: true };
const SHUTTING_DOWN = { code: ReasonCode.serverShuttingDown, what: 'shutting-down', publishWill: false };

class GatehouseBroker implements Broker {
  readonly inspection: Inspection;
  readonly #options: BrokerOptions;
  readonly #context: BrokerContext;
  readonly #gate: AcceptGate;
  readonly #listeners: readonly Listener[];
  readonly #connections = new Map<Connection, Peer>();
  #stopped: (() => void) | undefined;
  #isHeldOff = false;
  #isDraining = false;
  readonly #sysTopics: SysTopics;
  readonly #isShutOut: (peer: Peer) => boolean;
  readonly #sweep: Sweep;
  #durability: Durability | undefined;
  /** The journal on its way; nobody has waited for it yet. */
  #reading: Promise<ReadJournal> | undefined;

  constructor(options: BrokerOptions) {
    const limits = { ...LIMITS, ...options.limits };
    this.#options = options;
    this.#context = createContext(options, limits);
    this.#sweep = new Sweep(this.#context);
    this.#sysTopics = new SysTopics(this.#context, options.version ?? 'unknown');
    this.inspection = createInspection(this.#context, options.node);
    this.#gate = new AcceptGate(limits, options.clock);
    this.#isShutOut = createDoorman(this.#context, options.listeners);
    const trusted = parseTrustedProxies(options.trustedProxies ?? []);
    const needs: ListenerNeeds = { limits, clock: options.clock, log: options.log, trusted };
    const events: ListenerEvents = {
      accepted: (peer, viaProxy) => {
        this.#context.counters.sockets += 1;
        if (!this.#letsIn || (!viaProxy && this.#isShutOut(peer))) return undefined;
        const result = this.#gate.enter(viaProxy ? undefined : peer.ip);
        if (result.admitted) return result.place;
        this.#refuseOver(peer, result.bound);
        return undefined;
      },
      connection: (peer, stream, place) => this.#accept(peer, stream, place),
      refused: (peer, reason, detail) => {
        recordStranger(this.#context, peer, { reason, detail, by: null });
      },
      refusedOver: (peer, bound) => {
        this.#refuseOver(peer, bound);
      },
      met: (bound) => {
        this.#context.counters.bounds.met(bound);
      },
    };
    this.#listeners = options.listeners.map((config) => createListener(config, needs, events));
  }

  prepare(): void {
    const { openJournal, clock } = this.#options;
    if (openJournal === undefined) return;
    this.#reading ??= readJournal(openJournal, clock);
    // Told by `start()`.
    this.#reading.catch(() => undefined);
  }

  async start(): Promise<void> {
    this.prepare();
    const read = await this.#reading;
    this.#reading = undefined;
    if (read !== undefined) this.#durability = await openDurability(this.#context, read, this.#options);
    await this.#durability?.start();
    const results = await Promise.allSettled(this.#listeners.map((listener) => listener.start()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) {
      this.#sysTopics.start();
      this.#sweep.start();
      const { log, node } = this.#options;
      log.info({ node, listeners: this.listeners() }, 'listening for MQTT');
      return;
    }
    await Promise.all(this.#listeners.map((listener) => listener.stop()));
    await this.#durability?.stop();
    throw failed.reason;
  }

  useCertificate(listener: string, certificate: ServerCertificate): void {
    this.#listeners.find((one) => one.status().name === listener)?.useCertificate(certificate);
  }

  async stop(): Promise<void> {
    const closing = this.#listeners.map((listener) => listener.stop());
    const empty = new Promise<void>((resolve) => {
      this.#stopped = resolve;
    });
    for (const connection of this.#connections.keys()) connection.close(SHUTTING_DOWN);
    if (this.#connections.size === 0) this.#stopped?.();
    await Promise.all([...closing, empty]);
    this.#sysTopics.stop();
    this.#sweep.stop();
    this.#context.registry.stop();
    this.#context.retainedDelivery.stop();
    await this.#durability?.stop();
    const unused = await this.#reading?.catch(() => undefined);
    await unused?.store.close();
  }

  listeners(): readonly ListenerStatus[] {
    const byListener = this.#byListener();
    return this.#listeners.map((listener) => {
      const status = listener.status();
      return { ...status, connections: byListener[status.name] ?? 0 };
    });
  }

  stats(): BrokerPartStats {
    const { counters, registry, router, retained, journal } = this.#context;
    const sessions = [...registry];
    const online = sessions.filter(({ link }) => link !== undefined).length;
    const { received, sent, dropped, droppedBy, denied, bytesReceived, bytesSent } = counters.messages;
    return {
      letsIn: this.#letsIn,
      connections: {
        open: this.#gate.open,
        mqtt: online,
        halfOpen: this.#gate.halfOpen,
        byListener: this.#byListener(),
      },
      sessions: { online, persistent: sessions.filter(({ expirySeconds }) => expirySeconds > 0).length },
      auth: counters.auth(),
      messages: { received, sent, dropped, droppedBy: { ...droppedBy }, bytesReceived, bytesSent },
      bounds: counters.bounds.read(),
      subscriptions: router.size,
      retained: retained.size,
      journal: journal.stats,
      denied,
    };
  }

  served(): Served {
    const { messages, logins } = this.#context.counters;
    return { messages: messages.received + messages.sent, logins };
  }

  sessionsOf(credentialIds: readonly string[]): Readonly<Record<string, number>> {
    const wanted = new Set(credentialIds);
    const counts: Record<string, number> = {};
    for (const { link, grant } of this.#context.registry) {
      const id = grant.credentialId;
      if (link === undefined || id === undefined || !wanted.has(id)) continue;
      counts[id] = (counts[id] ?? 0) + 1;
    }
    return counts;
  }

  holdOff(isHeldOff: boolean): void {
    this.#isHeldOff = isHeldOff;
    if (isHeldOff) for (const connection of this.#connections.keys()) connection.close(AT_RISK);
  }

  drain(isDraining: boolean): number {
    this.#isDraining = isDraining;
    const { connected } = this.#context.registry;
    if (isDraining) for (const connection of this.#connections.keys()) connection.close(DRAINED);
    return connected;
  }

  get #letsIn(): boolean {
    return !this.#isHeldOff && !this.#isDraining;
  }

  releaseSession(clientId: string): boolean {
    const { registry } = this.#context;
    const session = registry.get(clientId);
    if (session === undefined) return false;
    session.link?.close(ADMINISTRATIVE);
    registry.end(session);
    return true;
  }

  applyControlEvent(event: ControlEvent): void {
    switch (event.kind) {
      case 'credentials-changed':
        applyCredentialChanges(this.#context, event.changes, this.#options.regrant);
        return;
      case 'blocks-changed':
        closeBlocked(this.#context, event.put);
        return;
      case 'everything-changed':
        closeCredentialed(this.#context);
        closeBlocked(this.#context, event.blocks);
        return;
      case 'access-changed':
        this.#context.access.use(event.rules);
        reviewAccess(this.#context);
        return;
      case 'acl-cache-cleared':
        if (event.clientId === null) this.#context.access.forgetAnswers();
        else this.#context.registry.get(event.clientId)?.answers.clear();
        return;
      case 'auth-changed':
        // Attempts to come are the composition's; what a source said about open sessions may be another's word now.
        this.#context.access.forgetAnswers();
        return;
      // The guessing budget, the listeners' keys and their files hear of it from the composition.
      case 'failures-forgiven':
      case 'failures-elsewhere':
      case 'psk-keys-changed':
      case 'trust-changed':
        return;
    }
  }

  trialAttempt(request: TryAttempt): Attempt {
    return toTrialAttempt(this.#context, request, this.#listenerNamed(request.listener));
  }

  tryAttempt(request: TryAttempt) {
    return rehearse(this.#context, request, this.#listenerNamed(request.listener));
  }

  #listenerNamed(name: string) {
    return this.#options.listeners.find((listener) => listener.name === name);
  }

  #refuseOver(peer: Peer, bound: keyof Limits): void {
    this.#context.counters.bounds.met(bound);
    recordStranger(this.#context, peer, { reason: 'QUOTA_EXCEEDED', detail: { bound }, by: null });
  }

  #accept(peer: Peer, stream: Duplex, place: Admittance): boolean {
    // Once more, for whom a proxy speaks for.
    if (this.#isShutOut(peer)) {
      place.release();
      return false;
    }
    const bound = place.move(peer.ip);
    if (bound !== undefined) {
      this.#refuseOver(peer, bound);
      place.release();
      return false;
    }
    const connection = new Connection(this.#context, peer, stream, {
      online: () => {
        place.online();
      },
      closed: () => {
        place.release();
        this.#connections.delete(connection);
        if (this.#connections.size === 0) this.#stopped?.();
      },
    });
    this.#connections.set(connection, peer);
    return true;
  }

  #byListener(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { name } of this.#options.listeners) counts[name] = 0;
    for (const { listener } of this.#connections.values()) counts[listener] = (counts[listener] ?? 0) + 1;
    return counts;
  }
}
