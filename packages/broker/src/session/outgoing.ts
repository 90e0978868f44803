import type { DropReason } from '@gatehouse/ports';
import { encodeAck } from '../protocol/acks.ts';
import { type Copy, type Delivery, encodeCopy, encodeOwn, isExpired } from '../router/message.ts';
import { Held } from './held.ts';
import { Inflight, type InflightEntry, packetIdOf } from './inflight.ts';
import type { SessionLink } from './link.ts';
import { type Mountpoint, ownTopicOf } from './mountpoint.ts';
import { MessageQueue } from './queue.ts';
import type { SessionContext } from './context.ts';

const DUP = 0x08;

/** What a session holds at the moment, and what it lost. */
export interface SessionLoad {
  readonly queued: number;
  readonly queuedBytes: number;
  readonly inflight: number;
  readonly dropped: number;
}

/** The session, as the messages on their way to its client see it. */
export interface Receiver {
  /** Its number in the journal. */
  readonly id: number;
  /** Its messages are written to the journal. */
  readonly isDurable: boolean;
  readonly link: SessionLink | undefined;
  readonly mountpoint: Mountpoint;
  readonly accessVersion: number;
  mayReceive(topic: string): boolean;
}

/** The messages on their way to one client: those that wait, and those in flight. */
export class Outgoing {
  readonly #receiver: Receiver;
  readonly #context: SessionContext;
  readonly #queue: MessageQueue;
  readonly #inflight: Inflight;
  /** Packet ids in flight that this connection has not seen yet. */
  #toResend: number[] = [];
  #lastSequence = 0;
  #dropped = 0;

  constructor(receiver: Receiver, context: SessionContext) {
    this.#receiver = receiver;
    this.#context = context;
    const held = new Held(context.heldTotal);
    this.#queue = new MessageQueue(context.limits, held, context.heldTotal, (bound, delivery) => {
      context.bounds.met(bound);
      this.#drop('queueFull');
      this.#forget(delivery);
    });
    this.#inflight = new Inflight(held);
  }

  get load(): SessionLoad {
    const { size, bytes } = this.#queue;
    return { queued: size, queuedBytes: bytes, inflight: this.#inflight.size, dropped: this.#dropped };
  }

  /** Everything that a restart would have to bring back, in its order. */
  *held(): Iterable<{ readonly delivery: Delivery; readonly released: boolean }> {
    for (const [, { delivery, awaiting }] of this.#inflight)
      yield { delivery, released: awaiting === 'pubcomp' };
    for (const delivery of this.#queue) yield { delivery, released: false };
  }

  /** Gives back what it held; called once, when the session has ended. */
  clear(): void {
    this.#queue.clear();
    this.#inflight.clear();
  }

  /** Sends a message, or queues it; QoS 0 is dropped while nobody can take it. */
  deliver(copy: Copy): void {
    if (copy.qos === 0) this.#deliverAtMostOnce(copy);
    else this.#enqueue(copy);
  }

  /** Puts back what the journal tells, in its order. */
  restore(delivery: Delivery, released: boolean): void {
    this.#lastSequence = Math.max(this.#lastSequence, delivery.sequence);
    if (released) this.#inflight.add(delivery, 'pubcomp');
    else this.#queue.push(delivery);
  }

  /** The next delivery gets a higher number than this one. */
  restoreSequence(sequence: number): void {
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
  }

  /**
   * Sends what waits, first again and then for the first time, as far as the window and the write buffer allow. What is
   * durable goes when its batch is on the disk.
   */
  pump(): void {
    const { link } = this.#receiver;
    if (link === undefined) return;
    this.#resend(link);
    while (this.#toResend.length === 0 && this.#hasRoom(link)) {
      const delivery = this.#queue.first;
      if (delivery === undefined || !this.#isReady(delivery)) return;
      this.#queue.shift();
      const hindrance = this.#hindrance(delivery, delivery.perhapsSent);
      if (hindrance === undefined) this.#send(link, delivery);
      else {
        this.#drop(hindrance);
        this.#forget(delivery);
      }
    }
  }

  /** Takes away what has expired while it waited. */
  sweep(): void {
    if (this.#queue.size === 0) return;
    for (const delivery of this.#queue.take(({ message }) => isExpired(message, this.#context.clock))) {
      this.#drop('expired');
      this.#forget(delivery);
    }
  }

  /** The batch that a message waited for is on the disk. */
  committed(): void {
    this.pump();
  }

  /** [MQTT-4.4.0-1] after a reconnect: what was in flight again, in its order, then what waited. */
  resume(): void {
    this.#toResend = [...this.#inflight].map(([packetId]) => packetId);
    this.pump();
  }

  /** The message in flight under this packet id. */
  inflight(packetId: number): Readonly<InflightEntry> | undefined {
    return this.#inflight.get(packetId);
  }

  /** The client has received a QoS 2 message: PUBREL is next. */
  received(packetId: number): void {
    const entry = this.#inflight.get(packetId);
    if (entry === undefined) return;
    entry.awaiting = 'pubcomp';
    const { id, isDurable } = this.#receiver;
    if (isDurable) this.#context.journal.deliveryReleased(id, entry.delivery.sequence);
  }

  /** The client has taken the message for good: the window moves on. */
  complete(packetId: number): void {
    this.#leaveFlight(packetId);
    this.pump();
  }

  #enqueue({ message, qos, retain, subscriptionIds }: Copy): void {
    const { id, isDurable, accessVersion } = this.#receiver;
    const sequence = this.#nextSequence();
    const delivery: Delivery = {
      message,
      qos,
      retain,
      subscriptionIds,
      accessVersion,
      sequence,
      ticket: 0,
      perhapsSent: false,
    };
    if (isDurable) {
      this.#context.journal.delivery(id, delivery);
      delivery.ticket = this.#context.journal.current;
    }
    const { link } = this.#receiver;
    if (link !== undefined && this.#mayGoAtOnce(link, delivery)) {
      this.#send(link, delivery);
      return;
    }
    // By way of the queue, whose bounds count what is in flight too.
    this.#queue.push(delivery);
    this.pump();
  }

  /** Nothing is before it, the window is open, and it would not be over a bound. */
  #mayGoAtOnce(link: SessionLink, delivery: Delivery): boolean {
    return (
      this.#queue.size === 0 &&
      this.#toResend.length === 0 &&
      delivery.ticket === 0 &&
      this.#hasRoom(link) &&
      this.#queue.hasRoomFor(delivery)
    );
  }

  /** The next whose packet id is not in flight: a client may leave one unacknowledged while 65 535 others pass. */
  #nextSequence(): number {
    do this.#lastSequence += 1;
    while (this.#inflight.get(packetIdOf(this.#lastSequence)) !== undefined);
    return this.#lastSequence;
  }

  #isReady(delivery: Delivery): boolean {
    const { journal } = this.#context;
    if (!journal.isCommitted(delivery.ticket)) {
      journal.wait(delivery.ticket, this);
      return false;
    }
    // Another of the same id was queued before it, 65 535 places ahead, and is in flight still.
    return this.#inflight.get(packetIdOf(delivery.sequence)) === undefined;
  }

  #leaveFlight(packetId: number): void {
    const entry = this.#inflight.get(packetId);
    if (entry === undefined) return;
    this.#inflight.delete(packetId);
    this.#forget(entry.delivery);
  }

  /** A restart need not bring it back. */
  #forget({ sequence }: Delivery): void {
    const { id, isDurable } = this.#receiver;
    if (isDurable) this.#context.journal.deliveryDone(id, sequence);
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
    const hindrance = this.#hindrance(delivery, true);
    if (hindrance !== undefined) this.#drop(hindrance);
    if (hindrance !== undefined || !this.#write(link, delivery, packetId, DUP)) {
      this.#leaveFlight(packetId);
    }
  }

  /** [MQTT-3.3.4-9] never more in flight than the client's Receive Maximum. */
  #hasRoom(link: SessionLink): boolean {
    const window = Math.min(link.receiveMaximum, this.#context.limits.inflightMax);
    return this.#inflight.size < window && !link.congested;
  }

  #deliverAtMostOnce(copy: Copy): void {
    const { link } = this.#receiver;
    if (link === undefined) this.#drop('offline');
    else if (link.congested) {
      this.#context.bounds.met('writeBufferBytesMax');
      this.#drop('slowClient');
    } else this.#write(link, copy, 0, 0);
  }

  /**
   * The delivery gate's second half, for what has waited: only a changed version costs more than a compare. What was
   * sent once does not expire any more ([MQTT-4.3.3-7], [MQTT-4.4.0-1]).
   */
  #hindrance(delivery: Delivery, wasSent: boolean): 'expired' | 'forbidden' | undefined {
    if (!wasSent && isExpired(delivery.message, this.#context.clock)) return 'expired';
    if (delivery.accessVersion === this.#receiver.accessVersion) return undefined;
    return this.#receiver.mayReceive(delivery.message.topic) ? undefined : 'forbidden';
  }

  #drop(reason: DropReason): void {
    this.#dropped += 1;
    this.#context.messages.drop(reason);
  }

  #send(link: SessionLink, delivery: Delivery): void {
    const packetId = this.#inflight.add(delivery, delivery.qos === 1 ? 'puback' : 'pubrec');
    const flags = delivery.perhapsSent ? DUP : 0;
    if (!this.#write(link, delivery, packetId, flags)) this.#leaveFlight(packetId);
  }

  /** [MQTT-3.1.2-24] what is larger than the client takes is discarded as if it had been delivered. */
  #write(link: SessionLink, copy: Copy, packetId: number, flags: number): boolean {
    const { message } = copy;
    const { mountpoint } = this.#receiver;
    const topic = ownTopicOf(mountpoint, message.topic) ?? message.topic;
    const alias = link.aliases?.of(topic);
    const { clock } = this.#context;
    const encoded =
      mountpoint === undefined
        ? encodeCopy(copy, link.version, clock, alias)
        : encodeOwn(copy, link.version, clock, { topic, alias });
    if (encoded.bytes.length > link.packetBytesMax) {
      this.#drop('tooLarge');
      return false;
    }
    if (alias !== undefined) link.aliases?.sent(topic, alias);
    if (packetId === 0) link.send(encoded.bytes);
    else link.sendCopy(encoded, packetId, flags);
    const { messages } = this.#context;
    messages.sent += 1;
    messages.payloadBytesSent += message.payload.length;
    return true;
  }
}
