import type { IClientSubscribeOptions } from 'mqtt';
import { BOUNDS, isNoNumber, type QoS, type Version } from './values';

/** When retained messages are sent to a subscriber, by their number in SUBSCRIBE. */
export const RETAIN_HANDLINGS = [0, 1, 2] as const;

/** One filter that the client listens to, or the form of it. */
export interface Subscription {
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: (typeof RETAIN_HANDLINGS)[number];
  /** A number as text; empty: none. */
  readonly id: string;
}

export const NEW_SUBSCRIPTION: Subscription = {
  filter: '',
  qos: 0,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
  id: '',
};

/** How many options differ from what a plain subscription has. */
export const optionCount = ({ noLocal, retainAsPublished, retainHandling, id }: Subscription): number =>
  [noLocal, retainAsPublished, retainHandling !== 0, id.trim() !== ''].filter(Boolean).length;

export type SubscriptionProblems = Partial<Readonly<Record<'filter' | 'noLocal' | 'id', string>>>;

/** What cannot be sent as it stands: the key of its text by field. */
export function subscriptionProblems(draft: Subscription, version: Version): SubscriptionProblems {
  const filter = draft.filter === '' ? { filter: 'problems.noFilter' } : {};
  if (version !== 5) return filter;
  return {
    ...filter,
    // [MQTT-3.8.3-4] is a protocol error, and would cost the connection.
    ...(draft.noLocal && draft.filter.startsWith('$share/') ? { noLocal: 'problems.sharedNoLocal' } : {}),
    ...(isNoNumber(draft.id, BOUNDS.subscriptionId) ? { id: 'problems.subscriptionId' } : {}),
  };
}

/** What a connection of that version makes of it: MQTT 3.1.1 has the filter and the QoS alone. */
export const asAsked = ({ filter, qos, ...options }: Subscription, version: Version): Subscription =>
  version === 5 ? { filter, qos, ...options } : { ...NEW_SUBSCRIPTION, filter, qos };

/** The options as MQTT.js takes them. */
export function toSubscribeOptions(asked: Subscription, version: Version): IClientSubscribeOptions {
  const { qos, noLocal, retainAsPublished, retainHandling, id } = asked;
  if (version !== 5) return { qos };
  return {
    qos,
    nl: noLocal,
    rap: retainAsPublished,
    rh: retainHandling,
    ...(id.trim() === '' ? {} : { properties: { subscriptionIdentifier: Number(id) } }),
  };
}
