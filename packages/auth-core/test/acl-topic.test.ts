import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  covers,
  innerFilterOf,
  isTopicFilter,
  isTopicName,
  levelsOf,
  matches,
  overlaps,
} from '../src/acl/topic.ts';

const match = (filter: string, topic: string) => matches(levelsOf(filter), levelsOf(topic));

describe('matching a topic name, MQTT 5.0 §4.7', () => {
  test.each([
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['#', 'sport/tennis', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/uptime', false],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false],
    ['$SYS/#', '$SYS/monitor/Clients', true],
    ['$SYS/monitor/+', '$SYS/monitor/Clients', true],
    ['a/+', 'a/$b', true],
    ['ACCOUNTS', 'Accounts', false],
  ])('%s against %s: %s', (filter, topic, expected) => {
    expect(match(filter, topic)).toBe(expected);
  });
});

describe('what is a filter and what is a topic name', () => {
  test.each(['#', '+', '/', 'a/b', 'a//b', '+/+/#', 'a/#', '$SYS/#', ' '])('%j is a filter', (text) => {
    expect(isTopicFilter(text)).toBe(true);
  });
  test.each(['', 'a#', '#/a', 'a/#/b', 'a+', '+a/b', 'a\0b', 'a'.repeat(65_536)])(
    '%j is no filter',
    (text) => {
      expect(isTopicFilter(text)).toBe(false);
    },
  );
  test.each(['a', '/', 'a/b', '$SYS/x', 'a'.repeat(65_535)])('%j is a topic name', (text) => {
    expect(isTopicName(text)).toBe(true);
  });
  test.each(['', '#', 'a/+', 'a\0'])('%j is no topic name', (text) => {
    expect(isTopicName(text)).toBe(false);
  });
});

describe('shared subscriptions, MQTT 5.0 §4.8.2', () => {
  test.each([
    ['$share/group/a/+', 'a/+'],
    ['$share/group/#', '#'],
    ['$share/group//a', '/a'],
    ['$shared/group/a', '$shared/group/a'],
    ['a/b', 'a/b'],
    ['$share', undefined],
    ['$share/', undefined],
    ['$share/group', undefined],
    ['$share/group/', undefined],
    ['$share//a', undefined],
    ['$share/gr+up/a', undefined],
  ])('%s is about %s', (filter, inner) => {
    expect(innerFilterOf(filter)).toBe(inner);
  });
});

/**
 * All topics up to four levels over two ordinary words, the empty one, and a first level that wildcards pass by. Words
 * that no filter below contains (`x`) stand for "any other": they tell `+` from every literal, and one level more than
 * any filter has tells `#` from everything. The empty topic, which nobody can send, is among them: `/#` is about it, and
 * both questions are answered as if it existed, which only ever makes them stricter.
 */
const WORDS = ['a', 'x', ''];
const TOPICS: readonly (readonly string[])[] = [1, 2, 3, 4].flatMap((length) =>
  Array.from({ length }, (_, at) => (at === 0 ? [...WORDS, '$'] : WORDS)).reduce<string[][]>(
    (topics, words) => topics.flatMap((topic) => words.map((word) => [...topic, word])),
    [[]],
  ),
);

const level = fc.constantFrom('a', '', '+');
const filterLevels = fc
  .tuple(fc.constantFrom('a', '', '+', '$'), fc.array(level, { maxLength: 2 }), fc.boolean(), fc.boolean())
  .map(([first, rest, hash, alone]) => (alone && hash ? ['#'] : [first, ...rest, ...(hash ? ['#'] : [])]))
  .filter((levels) => levels.join('/') !== '' && levels.length <= 3);

const matched = (filter: readonly string[]) => TOPICS.filter((topic) => matches(filter, topic));

describe('containment', () => {
  test('a covers b if and only if every topic that matches b matches a', () => {
    fc.assert(
      fc.property(filterLevels, filterLevels, (a, b) => {
        expect(covers(a, b)).toBe(matched(b).every((topic) => matches(a, topic)));
      }),
      { numRuns: 3_000 },
    );
  });

  test('a overlaps b if and only if some topic matches both', () => {
    fc.assert(
      fc.property(filterLevels, filterLevels, (a, b) => {
        expect(overlaps(a, b)).toBe(matched(b).some((topic) => matches(a, topic)));
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ['#', '+/#', true],
    ['+/#', '#', true],
    ['a/#', 'a', true],
    ['a', 'a/#', false],
    ['a/+/#', 'a/#', false],
    ['+', '#', false],
    ['#', '$SYS/#', false],
    ['+/x', '$SYS/x', false],
    ['$SYS/#', '$SYS/x/+', true],
  ])('%s covers %s: %s', (outer, inner, expected) => {
    expect(covers(levelsOf(outer), levelsOf(inner))).toBe(expected);
  });
});
