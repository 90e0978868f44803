import { levelsOf, matches } from '@gatehouse/auth-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS, type Limits } from '../src/config.ts';
import { createMessage, type Message } from '../src/router/message.ts';
import { RetainedStore } from '../src/router/retained.ts';
import { TopicTrie } from '../src/router/topic-trie.ts';
import { isTopicName, parseFilter } from '../src/protocol/topic.ts';
import { FakeClock } from './support/fake-clock.ts';
import { closedJournal } from './support/messages.ts';

const level = fc.constantFrom('a', 'b', '', '$x', 'long-level');
const topic = fc
  .array(level, { minLength: 1, maxLength: 4 })
  .map((levels) => levels.join('/'))
  .filter((t) => t !== '');
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 0, maxLength: 4 }), fc.boolean())
  .map(([levels, all]) => [...levels, ...(all || levels.length === 0 ? ['#'] : [])].join('/'))
  .filter((text) => text !== '');

const message = (name: string, payload = 'x', expirySeconds?: number, clock = new FakeClock()) =>
  createMessage(
    {
      topic: name,
      payload: Buffer.from(payload),
      qos: 0,
      retain: true,
      properties: Buffer.alloc(0),
      publisher: 'p',
      expirySeconds,
    },
    clock,
  );

describe('the topic trie', () => {
  test('finds exactly the filters that match by the rules of section 4.7', () => {
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 12 }), topic, (filters, name) => {
        const trie = new TopicTrie<string, string>();
        for (const one of filters) trie.set(one, one, one);
        const found: string[] = [];
        trie.match(name, (key) => found.push(key));
        const expected = [...new Set(filters)].filter((one) => matches(levelsOf(one), levelsOf(name)));
        expect(found.sort()).toEqual(expected.sort());
      }),
    );
  });

  test('is empty again when everything was removed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(filter, fc.constantFrom('k', 'l'))), topic, (pairs, name) => {
        const trie = new TopicTrie<string, true>();
        for (const [one, key] of pairs) trie.set(one, key, true);
        for (const [one, key] of pairs) trie.delete(one, key);
        expect(trie.size).toBe(0);
        trie.match(name, () => expect.unreachable());
      }),
    );
  });
});

const retainedStore = (limits: Partial<Limits> = {}, clock = new FakeClock()): RetainedStore =>
  new RetainedStore({ ...LIMITS, ...limits }, clock, closedJournal(clock));

/** Everything that a walk finds, interrupted after every node. */
function found(store: RetainedStore, one: string): readonly Message[] {
  const messages: Message[] = [];
  const walk = store.walk(one);
  while (!walk.done) walk.advance(1, (each) => messages.push(each) > 0);
  return messages;
}

describe('retained messages', () => {
  test('a filter finds exactly the topics it matches', () => {
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 12 }), filter, (topics, one) => {
        const store = retainedStore();
        for (const name of topics) store.set(message(name));
        const expected = [...new Set(topics)].filter((name) => matches(levelsOf(one), levelsOf(name)));
        expect(
          found(store, one)
            .map(({ topic: name }) => name)
            .sort(),
        ).toEqual(expected.sort());
      }),
    );
  });

  test('an empty payload removes v5.0 [MQTT-3.3.1-6], and the last word counts', () => {
    const store = retainedStore();
    store.set(message('a/b', 'one'));
    store.set(message('a/b', 'two'));
    expect(found(store, '#').map(({ payload }) => payload.toString())).toEqual(['two']);
    store.set(message('a/b', ''));
    expect(store.size).toBe(0);
    expect(found(store, '#')).toEqual([]);
  });

  test('are bounded in number and bytes, and replacing is not adding', () => {
    const store = retainedStore({ retainedMax: 1, retainedBytesMax: 1_000 });
    expect(store.set(message('a'))).toBe(true);
    expect(store.set(message('b'))).toBe(false);
    expect(store.set(message('a', 'y'))).toBe(true);
    expect(store.set(message('a', 'z'.repeat(2_000)))).toBe(false);
    expect(store.size).toBe(1);
  });

  test('leave no less room for what the server says about itself', () => {
    const store = retainedStore({ retainedMax: 1, retainedBytesMax: 1_000 });
    for (const name of ['uptime', 'version', 'clients']) {
      expect(store.restore(message(`$SYS/broker/${name}`, 'x'.repeat(900)))).toBe(true);
    }
    expect([store.size, store.bytes]).toEqual([0, 0]);
    expect(store.set(message('a', 'x'.repeat(100)))).toBe(true);
  });

  test('expire', () => {
    const clock = new FakeClock();
    const store = retainedStore({}, clock);
    store.set(message('a', 'x', 10, clock));
    clock.advance(9_000);
    expect(found(store, 'a')).toHaveLength(1);
    clock.advance(1_000);
    expect(found(store, 'a')).toHaveLength(0);
    expect(store.size).toBe(0);
  });
});

describe('topics are bounded', () => {
  test.each([
    ['a/b', true],
    ['', false],
    ['a/+', false],
    ['#', false],
    ['a'.repeat(LIMITS.topicBytesMax), true],
    ['ä'.repeat(LIMITS.topicBytesMax / 2 + 1), false],
    ['/'.repeat(LIMITS.topicLevelsMax), false],
  ])('name %s', (name, valid) => {
    expect(isTopicName(name, LIMITS)).toBe(valid);
  });

  test.each([
    ['a/+/b', true],
    ['#', true],
    ['a/#', true],
    ['a/#/b', false],
    ['a+', false],
    ['a#', false],
    ['', false],
  ])('filter %s', (text, valid) => {
    expect(parseFilter(text, LIMITS) !== undefined).toBe(valid);
  });
});
