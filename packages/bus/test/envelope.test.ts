import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heard, open, Sealer, splitTopic, withTopic } from '../src/envelope.ts';

test('what was sealed is opened, numbered, whatever the names and payloads', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 64 }),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      fc.uint8Array(),
      (node, incarnation, payload) => {
        const sealer = new Sealer(node, incarnation);
        const [first, second] = [open(sealer.seal(payload)), open(sealer.seal(payload))];
        expect(first).toEqual({
          from: node,
          incarnation,
          number: (second?.number ?? 0) - 1,
          body: Buffer.from(payload),
        });
        expect(sealer.seal(payload).length).toBe(payload.length + sealer.overheadBytes);
      },
    ),
  );
});

test('a topic goes with its payload and comes out again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array(), (topic, payload) => {
      expect(splitTopic(withTopic(topic, payload))).toEqual({ topic, payload: Buffer.from(payload) });
    }),
  );
});

test('what is cut short or foreign is nothing, never an error', () => {
  const message = new Sealer('node', 1).seal(Buffer.alloc(0));
  for (let length = 0; length < message.length; length += 1) {
    expect(open(message.subarray(0, length))).toBeUndefined();
  }
  expect(splitTopic(withTopic('topic', Buffer.alloc(0)).subarray(0, -1))).toBeUndefined();
  expect(splitTopic(Buffer.alloc(1))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
      open(noise);
      splitTopic(noise);
    }),
    { numRuns: 1_000 },
  );
});

test('a message is news once, and not at all of a life that is over', () => {
  const heard = new Heard();
  const isNew = (from: string, incarnation: number, number: number): boolean =>
    heard.isNew({ from, incarnation, number, body: Buffer.alloc(0) });
  expect([isNew('a', 1, 5), isNew('a', 1, 5), isNew('a', 1, 6), isNew('b', 1, 5)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  // Its next life counts from anywhere; the one before says no more.
  expect([isNew('a', 2, 1), isNew('a', 1, 7), isNew('a', 2, 1), isNew('a', 2, 2)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test('a sender that takes up an incarnation again goes on beyond its numbers', () => {
  const [before, after] = [new Sealer('a', 1), new Sealer('a', 1)].map((sealer) =>
    sealer.seal(Buffer.alloc(0)),
  );
  expect(open(after ?? Buffer.alloc(0))?.number).toBeGreaterThanOrEqual(
    open(before ?? Buffer.alloc(0))?.number ?? 0,
  );
});

test('as many senders are remembered as there may be, the latest of them', () => {
  const heard = new Heard();
  const isNew = (from: number): boolean =>
    heard.isNew({ from: String(from), incarnation: 1, number: 1, body: Buffer.alloc(0) });
  for (let from = 0; from < 1_025; from += 1) expect(isNew(from)).toBe(true);
  expect([isNew(1_024), isNew(1), isNew(0)]).toEqual([false, false, true]);
});
