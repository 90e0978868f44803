import { isTopicFilter as isFilter, isTopicName as isName } from '@gatehouse/auth-core';

/** Bounds of a topic or filter. */
export interface TopicBounds {
  readonly topicBytesMax: number;
  readonly topicLevelsMax: number;
}

/** A topic name within the bounds. The syntax is auth-core's, so that rules and router never differ about it. */
export const isTopicName = (topic: string, bounds: TopicBounds): boolean =>
  isWithin(topic, bounds) && isName(topic);

/** A topic filter within the bounds. */
export const isTopicFilter = (filter: string, bounds: TopicBounds): boolean =>
  isWithin(filter, bounds) && isFilter(filter);

/** A shared subscription's filter; the router does not take these yet, so MQTT 5 clients are told 0x9E. */
export const isSharedFilter = (filter: string): boolean => filter.startsWith('$share/');

function isWithin(text: string, { topicBytesMax, topicLevelsMax }: TopicBounds): boolean {
  if (text.length > topicBytesMax || Buffer.byteLength(text) > topicBytesMax) return false;
  let levels = 1;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) levels += 1;
  return levels <= topicLevelsMax;
}
