import { levelsOf, matches } from '@gatehouse/auth-core';
import type { ClientSubscription, SubscriptionFilter, SubscriptionOrder } from '@gatehouse/ports';
import type { SessionRegistry } from '../session/registry.ts';
import { ownTopicOf } from '../session/mountpoint.ts';
import type { Session } from '../session/session.ts';
import type { Subscription } from '../session/subscription.ts';
import { sessionsFor } from './clients.ts';
import { keyOf } from './keys.ts';
import { type Query, type ScanSource, sourceOf } from './scan.ts';
import { isAsked } from './text.ts';

interface Held {
  readonly session: Session;
  readonly subscription: Subscription;
}

/** Every session takes a step of its own, so that many without subscriptions are no long one. */
function* subscriptionsOf(sessions: Iterable<Session>): Generator<Held | undefined> {
  for (const session of sessions) {
    yield undefined;
    for (const subscription of session.subscriptions.values()) yield { session, subscription };
  }
}

export function subscriptionSource(
  registry: SessionRegistry,
  { clientId }: SubscriptionFilter,
): ScanSource<Held> {
  const steps = sourceOf(subscriptionsOf(sessionsFor(registry, clientId)));
  return (count, visit) =>
    steps(count, (held) => {
      if (held !== undefined) visit(held);
    });
}

/** The text that subscriptions are put in order by. */
const KEY_OF: Readonly<Record<SubscriptionOrder, (held: Held) => string>> = {
  clientId: ({ session, subscription }) => keyOf(session.clientId, subscription.filter),
  topicFilter: ({ session, subscription }) => keyOf(subscription.filter, session.clientId),
  qos: ({ session, subscription }) => keyOf(subscription.qos, session.clientId, subscription.filter),
};

export const subscriptionQuery = (
  filter: SubscriptionFilter,
  node: string,
  order: SubscriptionOrder = 'clientId',
): Query<Held, ClientSubscription> => ({
  keyOf: KEY_OF[order],
  matches: ({ session, subscription }) =>
    isAsked(session.clientId, filter.clientId) &&
    isAsked(subscription.filter, filter.filter) &&
    (filter.node === undefined || filter.node === node) &&
    (filter.qos === undefined || subscription.qos === filter.qos) &&
    (filter.shared === undefined || (subscription.share !== undefined) === filter.shared) &&
    (filter.topic === undefined || isReached(session, subscription, filter.topic)),
  present: ({ session, subscription }) => ({
    clientId: session.clientId,
    node,
    online: session.link !== undefined,
    filter: subscription.filter,
    mountpoint: session.mountpoint ?? null,
    group: subscription.share?.group ?? null,
    qos: subscription.qos,
    noLocal: subscription.noLocal,
    retainAsPublished: subscription.retainAsPublished,
    identifier: subscription.identifier ?? null,
  }),
});

/** By the whole topic: the subscription of a mounted client is about what lies within its mountpoint. */
function isReached({ mountpoint }: Session, { filter, share }: Subscription, topic: string): boolean {
  const own = ownTopicOf(mountpoint, topic);
  return own !== undefined && matches(levelsOf(share?.inner ?? filter), levelsOf(own));
}
