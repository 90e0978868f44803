import { ReasonCode } from '../protocol/reason-codes.ts';
import { isOwnMatch, mounted, ownTopicOf } from '../session/mountpoint.ts';
import type { Session } from '../session/session.ts';
import type { Share, Subscription } from '../session/subscription.ts';
import type { Message } from './message.ts';
import { choose, type Group, SharedSubscriptions } from './shared-subscriptions.ts';
import { TopicTrie } from './topic-trie.ts';

/** What one session gets of one message: overlapping subscriptions are one delivery at their highest QoS. */
interface Target {
  readonly session: Session;
  qos: 0 | 1 | 2;
  retain: boolean;
  readonly subscriptionIds: number[];
}

/** A subscription that a topic concerns. */
interface Match {
  readonly session: Session;
  readonly subscription: Subscription;
  /** Its identifier, as a list. */
  readonly ids: readonly number[];
}

/** Whom a topic concerns, as long as no subscription changes. */
interface Route {
  readonly matches: readonly Match[];
  /** No session is there twice: each match is a delivery. */
  readonly isSimple: boolean;
  readonly groups: readonly Group[];
}

const NO_IDS: readonly number[] = [];
/** Topics whose route is remembered. */
const ROUTES_MAX = 8_192;
/** Matches in all remembered routes: with a thousand subscribers of `#` each topic has a thousand. */
const MATCHES_MAX = 262_144;

/** Hears of subscriptions that come and go. */
export interface SubscriptionWatcher {
  subscribed(session: Session, subscription: Subscription): void;
  unsubscribed(session: Session, subscription: Subscription): void;
}

/** Who gets what: subscriptions by filter, and the way of a message to the sessions. */
export class Router {
  readonly #trie = new TopicTrie<Session, Subscription>();
  readonly #shared = new SharedSubscriptions();
  /** Forgotten with every change of a subscription: they would hold sessions that have ended. */
  readonly #routes = new Map<string, Route>();
  /** Matches in `#routes`. */
  #remembered = 0;
  readonly #watcher: () => SubscriptionWatcher | undefined;

  /** `watcher`: asked for at each change; there may be none yet. */
  constructor(watcher: () => SubscriptionWatcher | undefined = () => undefined) {
    this.#watcher = watcher;
  }

  /** Subscriptions of all sessions. */
  get size(): number {
    return this.#trie.size + this.#shared.size;
  }

  /** Those of them that share their messages. */
  get sharedSize(): number {
    return this.#shared.size;
  }

  /** Adds a subscription or replaces the one with the same filter ([MQTT-3.8.4-3]). */
  subscribe(session: Session, subscription: Subscription): void {
    this.#forgetRoutes();
    const { filter, share } = subscription;
    if (!session.subscriptions.has(filter)) this.#watcher()?.subscribed(session, subscription);
    session.addSubscription(subscription);
    if (share === undefined) this.#trie.set(mounted(session.mountpoint, filter), session, subscription);
    else this.#shared.set(mountedShare(session, share), session, subscription);
  }

  /** False when there was none. */
  unsubscribe(session: Session, filter: string): boolean {
    const subscription = session.subscriptions.get(filter);
    if (subscription === undefined) return false;
    this.#forgetRoutes();
    session.removeSubscription(filter);
    this.#watcher()?.unsubscribed(session, subscription);
    const { share } = subscription;
    if (share === undefined) this.#trie.delete(mounted(session.mountpoint, filter), session);
    else this.#shared.delete(mountedShare(session, share), session);
    return true;
  }

  unsubscribeAll(session: Session): void {
    for (const filter of [...session.subscriptions.keys()]) this.unsubscribe(session, filter);
  }

  /**
   * Holds a session's subscriptions against its permissions of now: what is forbidden ends. What its source allowed stays:
   * that is asked at SUBSCRIBE alone. Returns how many ended.
   */
  reauthorize(session: Session): number {
    let ended = 0;
    for (const subscription of [...session.subscriptions.values()]) {
      const { filter, qos } = subscription;
      const { allowed, ask, checkAtDelivery } = session.access.subscribe(filter, qos);
      if (!allowed && !ask) {
        this.unsubscribe(session, filter);
        ended += 1;
      } else if (checkAtDelivery !== subscription.checkAtDelivery) {
        this.subscribe(session, { ...subscription, checkAtDelivery });
      }
    }
    return ended;
  }

  /** Hands a message to every session that may have it, and returns to how many. */
  publish(message: Message): number {
    const route = this.#route(message.topic);
    message.encodings = [];
    const own = route.isSimple ? publishEach(route, message) : publishMerged(route, message);
    const receivers = own + publishShared(route, message);
    message.encodings = undefined;
    return receivers;
  }

  /** The same without shares, whose turn may be another node's. */
  publishUnshared(message: Message): number {
    return this.receive(message, () => true);
  }

  /** Hands a message, shares left out, to those sessions that it is meant for; returns to how many. */
  receive(message: Message, isMeant: (session: Session) => boolean): number {
    message.encodings = [];
    const receivers = publishMerged(this.#route(message.topic), message, isMeant);
    message.encodings = undefined;
    return receivers;
  }

  /** The shares that a topic concerns. */
  sharesOf(topic: string): readonly Group[] {
    return this.#route(topic).groups;
  }

  /** Hands a message to one member of a share, if wanted to one who is connected only. False: there is none. */
  publishToShare(
    { group, filter }: { group: string; filter: string },
    message: Message,
    isOnline: boolean,
  ): boolean {
    const found = this.#shared.get({ group, inner: filter });
    return found !== undefined && publishToMember(found, message, isOnline);
  }

  #route(topic: string): Route {
    const known = this.#routes.get(topic);
    if (known !== undefined) return known;
    const matches: Match[] = [];
    const sessions = new Set<Session>();
    this.#trie.match(topic, (session, subscription) => {
      const { identifier } = subscription;
      matches.push({ session, subscription, ids: identifier === undefined ? NO_IDS : [identifier] });
      sessions.add(session);
    });
    const isSimple = sessions.size === matches.length;
    const route = { matches, isSimple, groups: this.#shared.groupsOf(topic) };
    this.#remembered += matches.length;
    if (this.#routes.size >= ROUTES_MAX || this.#remembered > MATCHES_MAX) {
      this.#forgetRoutes();
      this.#remembered = matches.length;
    }
    this.#routes.set(topic, route);
    return route;
  }

  #forgetRoutes(): void {
    this.#remembered = 0;
    if (this.#routes.size > 0) this.#routes.clear();
  }
}

function publishEach({ matches }: Route, message: Message): number {
  let receivers = 0;
  for (const { session, subscription, ids } of matches) {
    if (!mayPass(session, subscription, message)) continue;
    receivers += 1;
    session.outgoing.deliver({
      message,
      qos: lower(message.qos, subscription.qos),
      // [MQTT-3.3.1-12], [MQTT-3.3.1-13] RETAIN is kept only for Retain As Published.
      retain: subscription.retainAsPublished && message.retain,
      subscriptionIds: ids,
    });
  }
  return receivers;
}

function publishMerged(
  { matches }: Route,
  message: Message,
  isMeant: (session: Session) => boolean = anybody,
): number {
  const targets = new Map<Session, Target>();
  for (const { session, subscription } of matches) {
    if (isMeant(session) && mayPass(session, subscription, message))
      addTarget(targets, session, subscription, message);
  }
  for (const { session, qos, retain, subscriptionIds } of targets.values()) {
    session.outgoing.deliver({ message, qos, retain, subscriptionIds });
  }
  return targets.size;
}

/** Each group gets one copy, beside what its members get by subscriptions of their own (MQTT 5.0 §4.8.2). */
function publishShared({ groups }: Route, message: Message): number {
  let members = 0;
  for (const group of groups) if (publishToMember(group, message, false)) members += 1;
  return members;
}

function publishToMember({ members }: Group, message: Message, isOnline: boolean): boolean {
  const chosen = choose(members, (session, subscription) => {
    const isAway = session.link === undefined;
    if (isAway && (isOnline || lower(message.qos, subscription.qos) === 0)) return false;
    return mayPass(session, subscription, message);
  });
  if (chosen === undefined) return false;
  const [session, { qos, retainAsPublished, identifier }] = chosen;
  const subscriptionIds = identifier === undefined ? NO_IDS : [identifier];
  const retain = retainAsPublished && message.retain;
  session.outgoing.deliver({ message, qos: lower(message.qos, qos), retain, subscriptionIds });
  return true;
}

const anybody = (): boolean => true;

/** A retained message for a new subscription: its RETAIN flag is always set ([MQTT-3.3.1-8]). */
export function deliverRetained(session: Session, subscription: Subscription, message: Message): void {
  if (!mayPass(session, subscription, message)) return;
  const qos = lower(message.qos, subscription.qos);
  const subscriptionIds = subscription.identifier === undefined ? NO_IDS : [subscription.identifier];
  session.outgoing.deliver({ message, qos, retain: true, subscriptionIds });
}

/** MQTT 5 code for a publisher whose message nobody received. */
export const codeForReceivers = (receivers: number): number =>
  receivers === 0 ? ReasonCode.noMatchingSubscribers : ReasonCode.success;

/**
 * The delivery gate, for live, retained and will messages alike; queued ones pass it again when the permissions have
 * changed meanwhile. A subscription is only checked by message where a deny rule overlaps it (auth.md §7).
 */
function mayPass(session: Session, subscription: Subscription, message: Message): boolean {
  // [MQTT-3.8.3-3] No Local.
  if (subscription.noLocal && message.publisher === session.clientId) return false;
  if (session.mountpoint !== undefined && !isWithin(session, subscription, message)) return false;
  return !subscription.checkAtDelivery || session.mayReceive(message.topic, subscription.qos);
}

/** Whether a mounted client's own filter is about the message: `a/#` is about `a` too, which is outside `a/`. */
function isWithin({ mountpoint }: Session, { filter, share }: Subscription, { topic }: Message): boolean {
  const own = ownTopicOf(mountpoint, topic);
  return own !== undefined && isOwnMatch(share?.inner ?? filter, own);
}

const mountedShare = ({ mountpoint }: Session, { group, inner }: Share): Share => ({
  group,
  inner: mounted(mountpoint, inner),
});

function addTarget(
  targets: Map<Session, Target>,
  session: Session,
  subscription: Subscription,
  message: Message,
): void {
  const qos = lower(message.qos, subscription.qos);
  // [MQTT-3.3.1-12], [MQTT-3.3.1-13] RETAIN is kept only for Retain As Published.
  const retain = subscription.retainAsPublished && message.retain;
  let target = targets.get(session);
  if (target === undefined) {
    target = { session, qos, retain, subscriptionIds: [] };
    targets.set(session, target);
  } else {
    // [MQTT-3.3.4-2] one copy at the highest QoS of all matching subscriptions.
    target.qos = qos > target.qos ? qos : target.qos;
    target.retain ||= retain;
  }
  if (subscription.identifier !== undefined) target.subscriptionIds.push(subscription.identifier);
}

const lower = (one: 0 | 1 | 2, other: 0 | 1 | 2): 0 | 1 | 2 => (one < other ? one : other);
