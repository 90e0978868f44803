import { innerFilterOf, isTopicFilter as isFilter, isTopicName as isName } from '@gatehouse/auth-core';

const SHARE_PREFIX = '$share/';

/** Bounds of a topic or filter. */
export interface TopicBounds {
  readonly topicBytesMax: number;
  readonly topicLevelsMax: number;
}

/** A topic name within the bounds. The syntax is auth-core's, so that rules and router never differ about it. */
export const isTopicName = (topic: string, bounds: TopicBounds): boolean =>
  isWithin(topic, bounds) && isName(topic);

/** A filter as the router takes it: `$share/{group}/{inner}` in its parts, any other as its own inner filter. */
export interface ParsedFilter {
  readonly group: string | undefined;
  readonly inner: string;
}

/** Reads the filter of a SUBSCRIBE; undefined when it is none ([MQTT-4.7.1-1], [MQTT-4.8.2-1], [MQTT-4.8.2-2]). */
export function parseFilter(filter: string, bounds: TopicBounds): ParsedFilter | undefined {
  if (!isWithin(filter, bounds)) return undefined;
  const inner = innerFilterOf(filter);
  if (inner === undefined || !isFilter(inner)) return undefined;
  const group = inner === filter ? undefined : filter.slice(SHARE_PREFIX.length, -inner.length - 1);
  return { group, inner };
}

const isWithin = (text: string, bounds: TopicBounds): boolean =>
  exceededTopicBound(text, bounds) === undefined;

/** The bound that a topic or filter is beyond, if any. */
export function exceededTopicBound(
  text: string,
  { topicBytesMax, topicLevelsMax }: TopicBounds,
): keyof TopicBounds | undefined {
  if (text.length > topicBytesMax || Buffer.byteLength(text) > topicBytesMax) return 'topicBytesMax';
  let levels = 1;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) levels += 1;
  return levels > topicLevelsMax ? 'topicLevelsMax' : undefined;
}
