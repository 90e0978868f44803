import type { Access, AccessAnswer, Grant, Principal, Qos } from '@gatehouse/auth-core';
import { AnswerCache } from '../access/answer-cache.ts';
import type { SessionOrigin } from '../access/policy.ts';
import type { Will } from '../protocol/packets.ts';
import { publishAnswer } from '../router/sys-prefix.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import type { SessionContext } from './context.ts';
import type { SessionLink } from './link.ts';
import { type Mountpoint, ownTopicOf } from './mountpoint.ts';
import type { Subscription } from './subscription.ts';
import { Outgoing, type SessionLoad } from './outgoing.ts';

/** Who a session is, and whose. */
export interface SessionIdentity {
  readonly id: number;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly grant: Grant;
  readonly origin?: SessionOrigin | undefined;
}

const NO_PACKET_IDS: ReadonlySet<number> = new Set();
/** Topics whose permission one session remembers, and what is remembered of one. */
const REMEMBERED_TOPICS_MAX = 64;
const KNOWN = 0x01;
const ALLOWED = 0x100;

/**
 * State that outlives a connection (MQTT 5.0 §4.1): subscriptions, messages in flight and waiting, and whose it is.
 * At most one connection is attached at a time.
 */
export class Session {
  /** Its number in the journal; never that of another session. */
  readonly id: number;
  readonly clientId: string;
  /** As long as it lives: who comes back with another gets another session. */
  readonly mountpoint: Mountpoint;
  /** The messages on their way to its client. */
  readonly outgoing: Outgoing;
  readonly #subscriptions = new Map<string, Subscription>();
  /** Made with the first: most sessions have none. */
  #unreleased: Set<number> | undefined;
  readonly #context: SessionContext;
  #access: Access;
  /** By topic two bits for each QoS and RETAIN: whether that was asked, and whether it is allowed. */
  #publishable: Map<string, number> | undefined;
  /** Made with the first: only where a source is asked. */
  #answers: AnswerCache | undefined;
  #grant: Grant;
  #username: string | undefined;
  #origin: SessionOrigin | undefined;
  /** Raised whenever the permissions change: what was let pass under an older one is asked about again. */
  #accessVersion = 1;
  /** It was to outlive its connection at some time, whatever its client has asked for since. */
  wasKept = false;
  expirySeconds = 0;
  will: Will | undefined;
  link: SessionLink | undefined;
  /** Under way while the rules are being read again; never rejects. */
  review: Promise<void> | undefined;
  #revoked = false;
  /** The journal has its head: what happens to it is written from then on. */
  stored = false;
  /** Undefined for a session that was restored and has not been resumed. */
  connection: ConnectionFacts | undefined;
  /** When its last connection ended; undefined while it is connected. */
  disconnectedAt: number | undefined;

  constructor({ id, clientId, grant, username, origin }: SessionIdentity, context: SessionContext) {
    this.id = id;
    this.clientId = clientId;
    this.mountpoint = grant.mountpoint;
    this.#context = context;
    this.outgoing = new Outgoing(this, context);
    this.#grant = grant;
    this.#username = username;
    this.#origin = origin;
    this.#access = context.access.accessOf(grant, this);
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

  get origin(): SessionOrigin | undefined {
    return this.#origin;
  }

  /** What its source answered of late. */
  get answers(): AnswerCache {
    this.#answers ??= new AnswerCache(this.#context.access, this.#context.clock);
    return this.#answers;
  }

  /** Answers of its source that still count; makes no cache where there is none. */
  get answersInForce(): number {
    return this.#answers?.inForce ?? 0;
  }

  get access(): Access {
    return this.#access;
  }

  /** What waits, in messages and bytes, what is in flight, and how many messages it lost since it began. */
  get load(): SessionLoad {
    return this.outgoing.load;
  }

  /** By filter, as the client wrote it. */
  get subscriptions(): ReadonlyMap<string, Subscription> {
    return this.#subscriptions;
  }

  /** Packet ids of QoS 2 messages received and not yet released. */
  get unreleased(): ReadonlySet<number> {
    return this.#unreleased ?? NO_PACKET_IDS;
  }

  /** What happens to it is written to the journal: it outlives its connection, and a restart. */
  get isDurable(): boolean {
    return this.stored && this.expirySeconds > 0;
  }

  /** Whether `mayPublish` was asked about this topic of late. */
  knowsTopic(topic: string): boolean {
    return this.#publishable?.has(topic) === true;
  }

  /**
   * Whether its client may publish to a topic; asked for each message, and remembered until the rules change. `ask`: that
   * is for its source to say.
   */
  mayPublish(topic: string, qos: Qos, retain: boolean): boolean | 'ask' {
    const at = this.#access.isFaceted ? qos * 2 + (retain ? 1 : 0) : 0;
    const known = this.#publishable?.get(topic) ?? 0;
    if ((known & (KNOWN << at)) !== 0) return (known & (ALLOWED << at)) !== 0;
    const { allowed, ask } = this.publishAnswer(topic, qos, retain);
    if (ask) return 'ask';
    this.#publishable ??= new Map();
    if (this.#publishable.size >= REMEMBERED_TOPICS_MAX) this.#publishable.clear();
    this.#publishable.set(topic, known | (KNOWN << at) | (allowed ? ALLOWED << at : 0));
    return allowed;
  }

  /** The same with the rule that says so. */
  publishAnswer(topic: string, qos: Qos, retain: boolean): AccessAnswer {
    return publishAnswer(this.#access, topic, qos, retain);
  }

  /** Whether a message on this topic may go to its client; what is outside its mountpoint may not. */
  mayReceive(topic: string, qos?: Qos): boolean {
    const own = ownTopicOf(this.mountpoint, topic);
    return own !== undefined && this.#access.deliver(own, qos).allowed;
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
  regrant(grant: Grant, username: string | undefined, origin = this.#origin): void {
    this.#grant = grant;
    this.#username = username;
    this.#origin = origin;
    this.askAccessAgain();
    this.#revoked = false;
    this.review = undefined;
  }

  /** The global rules have changed: its permissions are made anew. */
  askAccessAgain(): void {
    this.#access = this.#context.access.accessOf(this.#grant, this);
    this.#publishable?.clear();
    this.#answers?.clear();
    this.#accessVersion += 1;
  }

  /** Gives back what it held; called once, when the session has ended. */
  clear(): void {
    this.outgoing.clear();
  }

  /** Adds a subscription or replaces the one with the same filter; the router calls this. */
  addSubscription(subscription: Subscription): void {
    this.#subscriptions.set(subscription.filter, subscription);
    if (this.isDurable) this.#context.journal.subscribed(this.id, JSON.stringify(subscription));
  }

  removeSubscription(filter: string): void {
    this.#subscriptions.delete(filter);
    if (this.isDurable) this.#context.journal.unsubscribed(this.id, filter);
  }

  /** The client has sent a QoS 2 message of this packet id ([MQTT-4.3.3-10]). */
  receive(packetId: number): void {
    this.#unreleased ??= new Set();
    this.#unreleased.add(packetId);
    if (this.isDurable) this.#context.journal.received(this.id, packetId);
  }

  /** The client releases the packet id; false when it is not known. */
  release(packetId: number): boolean {
    const known = this.#unreleased?.delete(packetId) === true;
    if (known && this.isDurable) this.#context.journal.receivedReleased(this.id, packetId);
    return known;
  }
}
