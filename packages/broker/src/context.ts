import type { AttemptSink, Clock } from '@gatehouse/ports';
import type { ConnackOf, ReasonCode, SafeDetail, TlsFacts, Transport } from '@gatehouse/auth-core';
import type { DenialBook } from './access/denials.ts';
import type { AccessPolicy } from './access/policy.ts';
import type { BrokerLog, BrokerOptions, DecidingChain, Limits } from './config.ts';
import type { PeersSlot } from './cluster/port.ts';
import type { FlushScheduler } from './connection/outbound.ts';
import type { ConnectRate } from './connection/connect-rate.ts';
import type { GivingWay } from './connection/giving-way.ts';
import type { VerificationTimes } from './connection/verification-times.ts';
import type { WatchTap } from './recorder/watches.ts';
import type { Journal } from './journal/journal.ts';
import type { RetainedDelivery } from './router/retained-delivery.ts';
import type { RetainedStore } from './router/retained.ts';
import type { Router } from './router/router.ts';
import type { SessionRegistry } from './session/registry.ts';
import type { Counters } from './telemetry/counters.ts';

/** Who is at the other end, and through which listener. */
export interface Peer {
  readonly listener: string;
  readonly chain: string;
  readonly transport: Transport;
  /** IPv4-mapped IPv6 is written as IPv4. */
  readonly ip: string;
  /** The other end of the connection itself, where `ip` may come from a proxy's header. */
  readonly peerIp?: string;
  readonly port: number;
  readonly tls: TlsFacts | null;
  /** What the client named in a handshake that failed. */
  readonly pskIdentity?: string;
  /** What names the client instead of CONNECT. */
  readonly identity?: MappedIdentity;
  /** Its listener takes the username as the client ID. */
  readonly usernameAsClientId?: boolean;
  /** What precedes its topics unless its credential says otherwise: `readMountpoint` reads it. */
  readonly mountpoint?: string;
  /** Its listener refuses it, once CONNECT has told who it is. */
  readonly refusal?: { readonly reason: ReasonCode; readonly detail: SafeDetail };
}

/** Identity from the transport: each value that is there wins over that of CONNECT. */
export interface MappedIdentity {
  readonly username?: string | undefined;
  readonly clientId?: string | undefined;
}

/** What the parts of one broker share. */
export interface BrokerContext {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: BrokerLog;
  readonly attempts: AttemptSink;
  readonly watches: WatchTap | undefined;
  readonly chains: (name: string) => DecidingChain;
  readonly blocks: BrokerOptions['blocks'];
  readonly access: AccessPolicy;
  readonly denials: DenialBook;
  readonly attemptReference: boolean;
  /** The code that a refusal is answered with. */
  readonly connackOf: ConnackOf;
  readonly onAccepted: BrokerOptions['onAccepted'];
  readonly counters: Counters;
  readonly journal: Journal;
  /** The other nodes. */
  readonly peers: PeersSlot;
  readonly registry: SessionRegistry;
  readonly router: Router;
  readonly retained: RetainedStore;
  readonly retainedDelivery: RetainedDelivery;
  readonly flusher: FlushScheduler;
  readonly verificationTimes: VerificationTimes;
  readonly givingWay: GivingWay;
  readonly connectRate: ConnectRate;
}
