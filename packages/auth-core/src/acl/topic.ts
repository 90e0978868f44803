/**
 * Topic names and filters as lists of levels. All of it follows section 4.7 of MQTT 5.0: `+` stands for one level,
 * `#` for any number of levels including none, and neither for a first level that begins with `$` ([MQTT-4.7.2-1]).
 */
export type Levels = readonly string[];

export const levelsOf = (text: string): Levels => text.split('/');

/** Longest topic name or filter, in UTF-16 units: MQTT's own bound of 65 535 bytes can hold no more. */
const TOPIC_UNITS_MAX = 65_535;

const isBounded = (text: string): boolean =>
  text.length > 0 && text.length <= TOPIC_UNITS_MAX && !text.includes('\0');

/** Whether a text may name the topic of a PUBLISH ([MQTT-3.3.2-2], [MQTT-4.7.3-1]). */
export const isTopicName = (text: string): boolean => isBounded(text) && !/[+#]/.test(text);

/** Whether a text is a topic filter: wildcards fill whole levels and `#` comes last ([MQTT-4.7.1-1], [MQTT-4.7.1-2]). */
export const isTopicFilter = (text: string): boolean => isBounded(text) && areFilterLevels(levelsOf(text));

const areFilterLevels = (levels: Levels): boolean =>
  levels.every(
    (level, index) => !/[+#]/.test(level) || level === '+' || (level === '#' && index === levels.length - 1),
  );

/**
 * The filter inside a shared subscription, `$share/{group}/{filter}`; any other filter is its own. Undefined when the
 * text begins as a shared subscription and is none ([MQTT-4.8.2-1], [MQTT-4.8.2-2]).
 */
export function innerFilterOf(filter: string): string | undefined {
  if (filter !== '$share' && !filter.startsWith('$share/')) return filter;
  return /^\$share\/[^/+#]+\/(?<inner>.+)$/su.exec(filter)?.groups?.['inner'];
}

const isWildcard = (level: string | undefined): boolean => level === '+' || level === '#';

/** Whether a filter's first wildcard meets a first level that no wildcard may stand for. */
const dollarApart = (filter: Levels, other: Levels): boolean =>
  isWildcard(filter[0]) && other[0]?.startsWith('$') === true;

/** Whether a topic name matches a filter. */
export const matches = (filter: Levels, topic: Levels): boolean => covers(filter, topic);

/** Whether every topic that matches `inner` also matches `outer`; a topic name is a filter without wildcards. */
export function covers(outer: Levels, inner: Levels): boolean {
  if (dollarApart(outer, inner)) return false;
  // Every topic has a first level: at the very beginning `#` says no more than `+/#`.
  return coversFrom(outer, inner[0] === '#' ? ['+', '#'] : inner, 0);
}

function coversFrom(outer: Levels, inner: Levels, index: number): boolean {
  const mine = outer[index];
  const theirs = inner[index];
  if (mine === '#') return true;
  if (mine === undefined || theirs === undefined) return mine === theirs;
  if (theirs === '#' || (mine !== '+' && mine !== theirs)) return false;
  return coversFrom(outer, inner, index + 1);
}

/** Whether at least one topic matches both filters. */
export const overlaps = (a: Levels, b: Levels): boolean =>
  !dollarApart(a, b) && !dollarApart(b, a) && overlapsFrom(a, b, 0);

function overlapsFrom(a: Levels, b: Levels, index: number): boolean {
  const mine = a[index];
  const theirs = b[index];
  if (mine === '#' || theirs === '#') return true;
  if (mine === undefined || theirs === undefined) return mine === theirs;
  if (mine !== theirs && mine !== '+' && theirs !== '+') return false;
  return overlapsFrom(a, b, index + 1);
}
