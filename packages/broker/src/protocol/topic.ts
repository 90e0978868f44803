/** Bounds of a topic or filter. */
export interface TopicBounds {
  readonly topicBytesMax: number;
  readonly topicLevelsMax: number;
}

function withinBounds(text: string, bounds: TopicBounds): boolean {
  if (text.length === 0 || text.length > bounds.topicBytesMax) return false;
  if (Buffer.byteLength(text) > bounds.topicBytesMax) return false;
  let levels = 1;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) levels += 1;
  return levels <= bounds.topicLevelsMax;
}

/** [MQTT-4.7.3-1] at least one character, [MQTT-3.3.2-2] no wildcard. U+0000 was rejected with the string. */
export function isTopicName(topic: string, bounds: TopicBounds): boolean {
  return withinBounds(topic, bounds) && !topic.includes('+') && !topic.includes('#');
}

/** [MQTT-4.7.1-1] `#` alone in the last level, [MQTT-4.7.1-2] `+` alone in its level. */
export function isTopicFilter(filter: string, bounds: TopicBounds): boolean {
  if (!withinBounds(filter, bounds)) return false;
  const levels = filter.split('/');
  const last = levels.length - 1;
  return levels.every((level, index) => {
    if (level.includes('#')) return level === '#' && index === last;
    return !level.includes('+') || level === '+';
  });
}

/** A shared subscription's filter; the router does not take these yet, so MQTT 5 clients are told 0x9E. */
export function isSharedFilter(filter: string): boolean {
  return filter.startsWith('$share/');
}
