import type { SubscribeAnswer } from '@gatehouse/auth-core';
import type { ISubscription } from 'mqtt-packet';
import { askSource, deniedBy } from '../access/ask.ts';
import type { OnlineClient } from '../connection/client.ts';
import type { Limits } from '../config.ts';
import type { BrokerContext } from '../context.ts';
import type { ClientPackets } from '../protocol/packets.ts';
import { ReasonCode, SUBACK_FAILURE_V3 } from '../protocol/reason-codes.ts';
import { exceededTopicBound, parseFilter } from '../protocol/topic.ts';
import { mounted } from '../session/mountpoint.ts';
import type { Subscription } from '../session/subscription.ts';
import { acknowledgeFilters } from './acknowledge.ts';
import type { Handler } from './handler.ts';

/** Which subscriptions get the retained messages (MQTT 5.0 §3.8.3.1). */
const RETAIN_HANDLING = { always: 0, ifNew: 1, never: 2 } as const;

const DENIED: SubscribeAnswer = {
  allowed: false,
  rule: null,
  by: 'no-match',
  ask: false,
  checkAtDelivery: false,
};

/** One granted subscription, and whether it is owed the retained messages. */
interface Granted {
  readonly subscription: Subscription;
  readonly wantsRetained: boolean;
}

/** SUBSCRIBE (MQTT 3.1.1 §3.8, 5.0 §3.8). Each filter is decided on its own; SUBACK goes before retained messages. */
export const handleSubscribe: Handler<'subscribe'> = (client, packet, context) => {
  const answers = packet.subscriptions.map(({ topic, qos }) => client.session.access.subscribe(topic, qos));
  if (answers.some(({ ask }) => ask)) {
    client.hold(askEach(client, packet, context, answers), (said) => {
      decided(client, packet, context, said);
    });
    return;
  }
  decided(client, packet, context, answers);
};

/** One after the other: a client that subscribes to much takes no more of its source than any other. */
async function askEach(
  client: OnlineClient,
  { subscriptions }: ClientPackets['subscribe'],
  context: BrokerContext,
  answers: readonly SubscribeAnswer[],
): Promise<readonly SubscribeAnswer[]> {
  const said: SubscribeAnswer[] = [];
  for (const [index, answer] of answers.entries()) {
    const wanted = subscriptions[index];
    if (wanted === undefined || !answer.ask || parseFilter(wanted.topic, context.limits) === undefined) {
      said.push(answer);
      continue;
    }
    const question = { action: 'subscribe', topic: wanted.topic, qos: wanted.qos, retain: false } as const;
    const allowed = await askSource(context, client, question, answer);
    said.push({ ...answer, allowed });
  }
  return said;
}

function decided(
  client: OnlineClient,
  packet: ClientPackets['subscribe'],
  context: BrokerContext,
  answers: readonly SubscribeAnswer[],
): void {
  const { position } = context.journal;
  const identifier = packet.properties?.subscriptionIdentifier;
  const results = packet.subscriptions.map((wanted, index) =>
    subscribe(client, wanted, identifier, context, answers[index] ?? DENIED),
  );
  if (context.access.denyAction === 'disconnect' && results.includes(ReasonCode.notAuthorized)) {
    client.disconnect(ReasonCode.notAuthorized, 'subscribe-denied');
    return;
  }
  if (results.some((result) => typeof result !== 'number')) client.useful();
  const codes = results.map((result) =>
    typeof result === 'number' ? codeFor(client.version, result) : result.subscription.qos,
  );
  // A filter that stands there more than once is one subscription, and is owed the retained messages once.
  const owed = results.flatMap((result) =>
    typeof result !== 'number' && result.wantsRetained ? [result.subscription.filter] : [],
  );
  const suback = acknowledgeFilters(client, 'suback', packet.messageId, codes);
  const ticket = context.journal.since(position);
  const answer = (): void => {
    client.answer(suback, ticket, () => {
      context.retainedDelivery.start(client.session, owed);
    });
  };
  // Who is told that it is subscribed gets what is published at other nodes from then on.
  const listening = context.peers.current?.own.listening;
  if (listening === undefined) answer();
  else client.hold(listening, answer);
}

function subscribe(
  { session }: OnlineClient,
  wanted: ISubscription,
  identifier: number | undefined,
  { limits, router, counters, denials }: BrokerContext,
  access: SubscribeAnswer,
): Granted | number {
  const filter = wanted.topic;
  const parsed = parseFilter(filter, limits);
  if (parsed === undefined) {
    const tooMuch = exceededTopicBound(filter, limits);
    if (tooMuch !== undefined) counters.bounds.met(tooMuch);
    return ReasonCode.topicFilterInvalid;
  }
  const { group, inner } = parsed;
  const { mountpoint } = session;
  const beyond =
    mountpoint === undefined ? undefined : exceededTopicBound(mounted(mountpoint, inner), limits);
  if (beyond !== undefined) {
    counters.bounds.met(beyond);
    return ReasonCode.topicFilterInvalid;
  }
  if (!access.allowed) {
    counters.messages.denied += 1;
    denials.record(session, 'subscribe', filter, deniedBy(access));
    return ReasonCode.notAuthorized;
  }
  const isNew = !session.subscriptions.has(filter);
  const exceeded = isNew ? exceededBound(session.subscriptions.size, router.size, limits) : undefined;
  if (exceeded !== undefined) {
    counters.bounds.met(exceeded);
    return ReasonCode.quotaExceeded;
  }
  const subscription: Subscription = {
    filter,
    share: group === undefined ? undefined : { group, inner },
    qos: wanted.qos,
    noLocal: wanted.nl ?? false,
    retainAsPublished: wanted.rap ?? false,
    identifier,
    checkAtDelivery: access.checkAtDelivery,
  };
  router.subscribe(session, subscription);
  const handling = wanted.rh ?? RETAIN_HANDLING.always;
  // Which member would get them is not said: a shared subscription gets no retained messages (MQTT 5.0 §4.8.2).
  if (group !== undefined) return { subscription, wantsRetained: false };
  const wantsRetained = handling === RETAIN_HANDLING.always || (handling === RETAIN_HANDLING.ifNew && isNew);
  return { subscription, wantsRetained };
}

function exceededBound(
  own: number,
  all: number,
  { subscriptionsPerClientMax, subscriptionsMax }: Limits,
): 'subscriptionsPerClientMax' | 'subscriptionsMax' | undefined {
  if (own >= subscriptionsPerClientMax) return 'subscriptionsPerClientMax';
  return all >= subscriptionsMax ? 'subscriptionsMax' : undefined;
}

/** MQTT 3.1.1 knows one failure code; MQTT 3.1 has none and reads it as a QoS it did not ask for. */
const codeFor = (version: number, code: number): number => (version === 5 ? code : SUBACK_FAILURE_V3);
