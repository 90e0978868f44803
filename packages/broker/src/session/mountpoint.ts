/**
 * Where a client's topics are mounted (ADR 0027): text that ends with `/` and precedes every topic that the client
 * names. The client's own topics stand in its packets, its subscriptions and its will, and its rules are about them;
 * messages, routes and retained messages have the whole ones.
 */
export type Mountpoint = string | undefined;

/** A topic, or the filter inside a share, as everybody else knows it. */
export const mounted = (mountpoint: Mountpoint, own: string): string =>
  mountpoint === undefined ? own : mountpoint + own;

/** A topic as the client knows it; undefined where it is outside the mountpoint: the client has no name for it. */
export function ownTopicOf(mountpoint: Mountpoint, topic: string): string | undefined {
  if (mountpoint === undefined) return topic;
  return topic.length > mountpoint.length && topic.startsWith(mountpoint)
    ? topic.slice(mountpoint.length)
    : undefined;
}

/**
 * Whether a subscription of a mounted client is about a topic, both as the client knows them. The router has matched the
 * whole ones: there the first level of the client's own is not the first, and wildcards stand for one that begins with
 * `$` ([MQTT-4.7.2-1]).
 */
export const isOwnMatch = (innerFilter: string, ownTopic: string): boolean =>
  !ownTopic.startsWith('$') || !(innerFilter.startsWith('#') || innerFilter.startsWith('+'));
