import {
  type Access,
  createAccess,
  type Grant,
  type Principal,
  type ProtocolVersion,
  type Transport,
} from '@gatehouse/auth-core';
import type { Clock, DropReason } from '@gatehouse/ports';
import type { Limits } from '../config.ts';
import type { QoS, Will } from '../protocol/packets.ts';
import { encodeAck } from '../protocol/acks.ts';
import type { EncodedPublish } from '../protocol/publish.ts';
import { type Delivery, encodeDelivery, isExpired } from '../router/message.ts';
import type { BoundCounters } from '../telemetry/bounds.ts';
import type { MessageCounters } from '../telemetry/messages.ts';
import { Held, type HeldTotal } from './held.ts';
import { Inflight, type InflightEntry } from './inflight.ts';
import type { SessionLink } from './link.ts';
import { MessageQueue } from './queue.ts';

/** One subscription of a share: which group, and what it matches (MQTT 5.0 §4.8.2). */
export interface Share {
  readonly group: string;
  /** The filter without `$share/{group}/`. */
  readonly inner: string;
}

/** One subscription of a session. */
export interface Subscription {
  /** As the client wrote it, `$share/{group}/` included. */
  readonly filter: string;
  /** Of a shared subscription: which group, and the filter inside. */
  readonly share: Share | undefined;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly identifier: number | undefined;
  /** A deny rule overlaps the filter: each message is checked (auth.md §7). */
  readonly checkAtDelivery: boolean;
}

/** What a session holds at the moment, and what it lost. */
export interface SessionLoad {
  readonly queued: number;
  readonly queuedBytes: number;
  readonly inflight: number;
  readonly dropped: number;
}

/** What a session needs from the house. */
export interface SessionContext {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly messages: MessageCounters;
  readonly bounds: BoundCounters;
  readonly heldTotal: HeldTotal;
}

const DUP = 0x08;

/** How a client is connected, or was last: shown to people, no decision rests on it. */
export interface ConnectionFacts {
  readonly listener: string;
  readonly transport: Transport;
  readonly ip: string;
  readonly tls: boolean;
  readonly protocol: ProtocolVersion;
  readonly keepAliveSeconds: number;
  readonly cleanStart: boolean;
  readonly connectedAt: number;
}

/**
 * State that outlives a connection (MQTT 5.0 §4.1): subscriptions, messages in flight and waiting, and whose it is.
 * At most one connection is attached at a time.
 */
export class Session {
  readonly clientId: string;
  readonly subscriptions = new Map<string, Subscription>();
  /** Packet ids of QoS 2 messages received and not yet released ([MQTT-4.3.3-10]). */
  readonly unreleased = new Set<number>();
  readonly #context: SessionContext;
  readonly #queue: MessageQueue;
  readonly #inflight: Inflight;
  /** Packet ids in flight that this connection has not seen yet. */
  #toResend: number[] = [];
  #access: Access;
  #grant: Grant;
  #username: string | undefined;
  /** Raised whenever the permissions change: what was let pass under an older one is asked about again. */
  #accessVersion = 1;
  expirySeconds = 0;
  will: Will | undefined;
  link: SessionLink | undefined;
  /** Under way while the rules are being read again; never rejects. */
  review: Promise<void> | undefined;
  #revoked = false;
  #dropped = 0;
  /** Undefined for a session that was restored and has not been resumed. */
  connection: ConnectionFacts | undefined;
  /** When its last connection ended; undefined while it is connected. */
  disconnectedAt: number | undefined;

  constructor(clientId: string, grant: Grant, username: string | undefined, context: SessionContext) {
    this.clientId = clientId;
    this.#context = context;
    const held = new Held(context.heldTotal);
    this.#queue = new MessageQueue(context.limits, held, context.heldTotal, (bound) => {
      context.bounds.met(bound);
      this.#drop('queueFull');
    });
    this.#inflight = new Inflight(held);
    this.#grant = grant;
    this.#username = username;
    this.#access = accessOf(clientId, grant, username);
  }

  get principal(): Principal {
    return this.#grant.principal;
  }

  get grant(): Grant {
    return this.#grant;
  }

  get username(): string | undefined {
    return this.#username;
  }

  get access(): Access {
    return this.#access;
  }

  /** What waits, in messages and bytes, what is in flight, and how many messages it lost since it began. */
  get load(): SessionLoad {
    const { size, bytes } = this.#queue;
    return { queued: size, queuedBytes: bytes, inflight: this.#inflight.size, dropped: this.#dropped };
  }

  get accessVersion(): number {
    return this.#accessVersion;
  }

  /** Its credential gives nothing any more: nothing is published in its name until somebody is admitted to it anew. */
  get revoked(): boolean {
    return this.#revoked;
  }

  revoke(): void {
    this.#revoked = true;
    this.review = undefined;
  }

  /** Puts a new grant in force; `accessVersion` makes every later delivery ask again. */
  regrant(grant: Grant, username: string | undefined): void {
    this.#access = accessOf(this.clientId, grant, username);
    this.#grant = grant;
    this.#username = username;
    this.#accessVersion += 1;
    this.#revoked = false;
    this.review = undefined;
  }

  /** Gives back what it held; called once, when the session has ended. */
  clear(): void {
    this.#queue.clear();
    this.#inflight.clear();
  }

  /** Sends a message, or queues it; QoS 0 is dropped while nobody can take it. */
  deliver(delivery: Delivery): void {
    if (delivery.qos === 0) {
      this.#deliverAtMostOnce(delivery);
      return;
    }
    // By way of the queue, whose bounds count what is in flight too.
    this.#queue.push(delivery);
    this.pump();
  }

  /** Sends what waits, first again and then for the first time, as far as the window and the write buffer allow. */
  pump(): void {
    const { link } = this;
    if (link === undefined) return;
    this.#resend(link);
    while (this.#toResend.length === 0 && this.#hasRoom(link)) {
      const delivery = this.#queue.shift();
      if (delivery === undefined) return;
      const hindrance = this.#hindrance(delivery);
      if (hindrance === undefined) this.#send(link, delivery);
      else this.#drop(hindrance);
    }
  }

  /** [MQTT-4.4.0-1] after a reconnect: what was in flight again, in its order, then what waited. */
  resume(): void {
    this.#toResend = [...this.#inflight].map(([packetId]) => packetId);
    this.pump();
  }

  /** The message in flight under this packet id. */
  inflight(packetId: number): InflightEntry | undefined {
    return this.#inflight.get(packetId);
  }

  /** The client has taken the message for good: the window moves on. */
  complete(packetId: number): void {
    this.#inflight.delete(packetId);
    this.pump();
  }

  /** Sends again as much as the client takes: its Receive Maximum may be smaller than it was. */
  #resend(link: SessionLink): void {
    while (this.#toResend.length > 0 && !link.congested) {
      const sent = this.#inflight.size - this.#toResend.length;
      if (sent >= link.receiveMaximum) return;
      const packetId = this.#toResend.shift() ?? 0;
      const entry = this.#inflight.get(packetId);
      if (entry !== undefined) this.#sendAgain(link, packetId, entry);
    }
  }

  /** An unacknowledged PUBLISH passes the delivery gate again; PUBREL carries no content and always goes. */
  #sendAgain(link: SessionLink, packetId: number, { awaiting, delivery }: InflightEntry): void {
    if (awaiting === 'pubcomp') {
      link.send(encodeAck('pubrel', packetId, link.version));
      return;
    }
    const hindrance = this.#hindrance(delivery);
    if (hindrance !== undefined) this.#drop(hindrance);
    if (hindrance !== undefined || !this.#writeDelivery(link, delivery, packetId, DUP)) {
      this.#inflight.delete(packetId);
    }
  }

  /** [MQTT-3.3.4-9] never more in flight than the client's Receive Maximum. */
  #hasRoom(link: SessionLink): boolean {
    const window = Math.min(link.receiveMaximum, this.#context.limits.inflightMax);
    return this.#inflight.size < window && !link.congested;
  }

  #deliverAtMostOnce(delivery: Delivery): void {
    const { link } = this;
    if (link === undefined) this.#drop('offline');
    else if (link.congested) {
      this.#context.bounds.met('writeBufferBytesMax');
      this.#drop('slowClient');
    } else this.#writeDelivery(link, delivery, 0, 0);
  }

  /** The delivery gate's second half, for what has waited: only a changed version costs more than a compare. */
  #hindrance(delivery: Delivery): 'expired' | 'forbidden' | undefined {
    if (isExpired(delivery.message, this.#context.clock)) return 'expired';
    if (delivery.accessVersion === this.#accessVersion) return undefined;
    return this.#access.deliver(delivery.message.topic).allowed ? undefined : 'forbidden';
  }

  #drop(reason: DropReason): void {
    this.#dropped += 1;
    this.#context.messages.drop(reason);
  }

  #send(link: SessionLink, delivery: Delivery): void {
    const packetId = this.#inflight.add(delivery);
    if (!this.#writeDelivery(link, delivery, packetId, 0)) this.#inflight.delete(packetId);
  }

  /** [MQTT-3.1.2-24] what is larger than the client takes is discarded as if it had been delivered. */
  #writeDelivery(link: SessionLink, delivery: Delivery, packetId: number, flags: number): boolean {
    const { topic } = delivery.message;
    const alias = link.aliases?.of(topic);
    const encoded = encodeDelivery(delivery, link.version, this.#context.clock, alias);
    const bytes = packetId === 0 ? encoded.bytes : withPacketId(encoded, packetId, flags);
    if (bytes.length > link.packetBytesMax) {
      this.#drop('tooLarge');
      return false;
    }
    if (alias !== undefined) link.aliases?.sent(topic, alias);
    link.send(bytes);
    this.#context.messages.sent += 1;
    return true;
  }
}

/** A copy of its own: the bytes of one encoding serve many receivers. */
function withPacketId({ bytes, packetIdAt }: EncodedPublish, packetId: number, flags: number): Buffer {
  const own = Buffer.from(bytes);
  own.writeUInt8(own.readUInt8(0) | flags, 0);
  own.writeUInt16BE(packetId, packetIdAt);
  return own;
}

function accessOf(clientId: string, grant: Grant, username: string | undefined): Access {
  return createAccess(grant.rules, {
    username,
    clientId,
    commonName: undefined,
    superuser: grant.superuser,
  });
}
