import { levelsOf, matches } from '@gatehouse/auth-core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeToken, encodeToken, SUBJECT_BYTES_MAX, subjectsOf } from '../src/subject.ts';

const subjects = subjectsOf('house');
/** Few and short, so that topics and filters meet; and whatever a topic may hold. */
const level = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('', 'a', 'b', '$', '$SYS', '%', '.', '*', '>', ' ', '%20') },
  fc.string({ unit: 'binary', maxLength: 6 }).map((text) => text.replaceAll(/[/+#\0]/g, '')),
);
const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 5 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen || levels.length === 0 ? ['#'] : [])].join('/'));

/** As the NATS server matches: `*` is one token, `>` one or more. */
function natsMatches(pattern: string, subject: string): boolean {
  const [wanted, tokens] = [pattern.split('.'), subject.split('.')];
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return index < tokens.length;
    if (index >= tokens.length || (token !== '*' && token !== tokens[index])) return false;
  }
  return wanted.length === tokens.length;
}

describe('a name or level as a token', () => {
  test('is one token that NATS takes, and leads back to itself, for every string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const token = encodeToken(text);
        expect(token).toMatch(/^[^\s.*>\p{C}\p{Z}]+$/u);
        expect(decodeToken(token)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['plain-word_1', 'plain-word_1'],
    ['', '%'],
    ['%', '%25'],
    ['a.b *>', 'a%2Eb%20%2A%3E'],
    ['Grüße', 'Grüße'],
    ['\u2028', '%u2028'],
    ['\ud800', '%uD800'],
    ['🌡', '🌡'],
    ['\u{e0001}', '%uDB40%uDC01'],
  ])('%j is %j', (text, token) => {
    expect(encodeToken(text)).toBe(token);
    expect(decodeToken(token)).toBe(text);
  });
});

describe('a topic as a subject', () => {
  test('leads back to itself, and so to no other', () => {
    fc.assert(
      fc.property(topic, (name) => {
        expect(subjects.toTopic(subjects.ofTopic(name) ?? '')).toBe(name);
      }),
      { numRuns: 1_000 },
    );
  });

  test('matches in NATS what it matches in MQTT', () => {
    let met = 0;
    fc.assert(
      fc.property(topic, filter, (name, wanted) => {
        const isMatch = matches(levelsOf(wanted), levelsOf(name));
        met += isMatch ? 1 : 0;
        const subject = subjects.ofTopic(name) ?? '';
        expect(subjects.ofFilter(wanted).some((pattern) => natsMatches(pattern, subject))).toBe(isMatch);
      }),
      { numRuns: 4_000 },
    );
    expect(met).toBeGreaterThan(200);
  });

  test.each([
    ['a/#', 'a', true],
    ['+', '', true],
    ['a/+', 'a/', true],
    ['#', '$SYS', false],
    ['+/b', '$SYS/b', false],
    ['$SYS/#', '$SYS', true],
    ['$SYS/#', '$SYSTEM', false],
  ])('%j against %j: %s', (wanted, name, isMatch) => {
    const subject = subjects.ofTopic(name) ?? '';
    expect(subjects.ofFilter(wanted).some((pattern) => natsMatches(pattern, subject))).toBe(isMatch);
  });

  test('has none when it is too long, and no shorter one matches a filter that is', () => {
    const longest = 'x'.repeat(SUBJECT_BYTES_MAX - 'gatehouse.house.t.'.length);
    expect(Buffer.byteLength(subjects.ofTopic(longest) ?? '')).toBe(SUBJECT_BYTES_MAX);
    expect(subjects.ofTopic(`${longest}x`)).toBeUndefined();
    expect(subjects.ofTopic('ü'.repeat(SUBJECT_BYTES_MAX / 2))).toBeUndefined();
    expect(subjects.ofFilter(`${longest}/#`)).toEqual([`gatehouse.house.t.${longest}`]);
    fc.assert(
      fc.property(topic, filter, fc.integer({ min: 20, max: 60 }), (name, wanted, most) => {
        fc.pre(matches(levelsOf(wanted), levelsOf(name)));
        const subject = subjects.ofTopic(name) ?? '';
        const isHeard = subjects
          .ofFilter(wanted)
          .some((pattern) => pattern.length <= most && natsMatches(pattern, subject));
        expect(isHeard || subject.length > most).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

test('topics, control and other clusters never meet, whatever they are called', () => {
  const name = fc.string({ unit: 'binary', maxLength: 8 });
  fc.assert(
    fc.property(name, name, name, topic, filter, (cluster, other, node, published, wanted) => {
      const [own, foreign] = [subjectsOf(cluster), subjectsOf(other)];
      const control = [own.toAll('kick'), own.toNode(node, 'kick'), own.askNode(node, 'kick')];
      const patterns = own.ofFilter(wanted);
      for (const subject of [...control, own.long, `${own.answersTo(node)}.x`]) {
        expect(patterns.some((pattern) => natsMatches(pattern, subject))).toBe(false);
        expect(own.ofTopic(published)).not.toBe(subject);
      }
      if (cluster === other) return;
      const subject = foreign.ofTopic(published) ?? '';
      expect(patterns.some((pattern) => natsMatches(pattern, subject))).toBe(false);
      expect(natsMatches(own.toAll('*'), foreign.toAll('kick'))).toBe(false);
    }),
  );
});
