import { connack } from '@gatehouse/auth-core';
import { DenialBook } from './access/denials.ts';
import { AccessPolicy } from './access/policy.ts';
import type { BrokerOptions, Limits } from './config.ts';
import { ConnectRate } from './connection/connect-rate.ts';
import { GivingWay, loopLoad } from './connection/giving-way.ts';
import { FlushScheduler } from './connection/outbound.ts';
import { VerificationTimes } from './connection/verification-times.ts';
import type { PeersSlot } from './cluster/port.ts';
import type { BrokerContext } from './context.ts';
import { Journal } from './journal/journal.ts';
import { RetainedDelivery } from './router/retained-delivery.ts';
import { RetainedStore } from './router/retained.ts';
import { Router } from './router/router.ts';
import { HeldTotal } from './session/held.ts';
import { SessionRegistry } from './session/registry.ts';
import { publishWill } from './session/will.ts';
import { Counters } from './telemetry/counters.ts';

/** The parts of one broker, put together; nothing is opened or listens. */
export function createContext(options: BrokerOptions, limits: Limits): BrokerContext {
  const { attemptReference = true, connackOf = connack } = options;
  const { clock, log, attempts, watches, chains, blocks, onAccepted } = options;
  const { load = loopLoad(), denials = new DenialBook(clock) } = options;
  const counters = new Counters(clock);
  const access = new AccessPolicy(options.access);
  const peers: PeersSlot = { current: undefined };
  const router = new Router(() => peers.current?.own);
  const journal = new Journal({ clock, log, limits });
  const retained = new RetainedStore(limits, clock, {
    get isShared() {
      return peers.current !== undefined;
    },
    retained: (message) => {
      if (peers.current === undefined) journal.retained(message);
      else peers.current.retained.put(message);
    },
    retainedGone: (topic) => {
      if (peers.current === undefined) journal.retainedGone(topic);
      else peers.current.retained.gone(topic);
    },
  });
  const registry = new SessionRegistry(
    {
      access,
      limits,
      clock,
      messages: counters.messages,
      bounds: counters.bounds,
      heldTotal: new HeldTotal(),
      journal,
    },
    {
      will: (session, will) => {
        publishWill({ clock, retained, router, counters, denials, peers }, session, will);
      },
      ended: (session) => {
        router.unsubscribeAll(session);
        peers.current?.claims.release(session.clientId);
      },
    },
  );
  const met = (bound: keyof Limits) => counters.bounds.met.bind(counters.bounds, bound);
  return {
    limits,
    clock,
    log,
    attempts,
    watches,
    chains,
    blocks,
    access,
    denials,
    attemptReference,
    connackOf,
    onAccepted,
    counters,
    journal,
    peers,
    registry,
    router,
    retained,
    retainedDelivery: new RetainedDelivery(retained, limits, counters),
    flusher: new FlushScheduler(),
    verificationTimes: new VerificationTimes(limits.unknownUserDelayMsMax, met('unknownUserDelayMsMax')),
    givingWay: new GivingWay(
      clock,
      load,
      () => counters.logins + counters.messages.received,
      limits.refusalDelayMsMax,
      met('refusalDelayMsMax'),
    ),
    connectRate: new ConnectRate(limits.connectsPerClientPerMinuteMax, clock),
  };
}
