import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Framer, type FramingResult } from '../src/protocol/framing.ts';
import { frame } from './support/raw-client.ts';

const LIMIT_BYTES = 65_536;

function framesOf(framer: Framer): Buffer[] {
  const frames: Buffer[] = [];
  for (let result: FramingResult = framer.next(); result !== undefined; result = framer.next()) {
    if ('kind' in result) throw new Error(result.kind);
    frames.push(result.bytes);
  }
  return frames;
}

const packets = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 400 }))
    .map(([header, body]) => frame(header, Buffer.from(body))),
  { minLength: 1, maxLength: 20 },
);

describe('framing', () => {
  test('gives the same packets wherever the stream is cut', () => {
    fc.assert(
      fc.property(packets, fc.array(fc.nat(), { maxLength: 30 }), (all, cuts) => {
        const stream = Buffer.concat(all);
        const at = [...new Set(cuts.map((cut) => cut % stream.length))].sort((a, b) => a - b);
        const framer = new Framer(LIMIT_BYTES);
        const frames: Buffer[] = [];
        for (const [index, start] of [0, ...at].entries()) {
          framer.push(stream.subarray(start, at[index] ?? stream.length));
          frames.push(...framesOf(framer));
        }
        expect(frames).toEqual(all);
        expect(framer.bufferedBytes).toBe(0);
      }),
    );
  });

  test('judges the size by the header alone, before any of the body has come', () => {
    const framer = new Framer(LIMIT_BYTES);
    framer.push(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
    expect(framer.next()).toEqual({ kind: 'too-large', bytes: 268_435_455 + 5 });
    expect(framer.bufferedBytes).toBe(5);
  });

  test('takes a packet of exactly the limit and refuses one byte more', () => {
    const fits = frame(0x30, Buffer.alloc(LIMIT_BYTES - 4));
    const exact = new Framer(LIMIT_BYTES);
    exact.push(fits);
    expect(exact.next()).toMatchObject({ bytes: fits });
    const over = new Framer(LIMIT_BYTES);
    over.push(frame(0x30, Buffer.alloc(LIMIT_BYTES - 3)).subarray(0, 4));
    expect(over.next()).toMatchObject({ kind: 'too-large' });
  });

  test.each([
    ['a fifth length byte', [0x30, 0x80, 0x80, 0x80, 0x80]],
    ['a length longer than needed [MQTT-1.5.5-1]', [0x30, 0x80, 0x00]],
  ])('refuses %s', (_what, bytes) => {
    const framer = new Framer(LIMIT_BYTES);
    framer.push(Buffer.from(bytes));
    expect(framer.next()).toEqual({ kind: 'bad-length' });
  });

  test('a raised limit counts from the next packet on', () => {
    const framer = new Framer(16);
    framer.limitBytes = 64;
    framer.push(frame(0x30, Buffer.alloc(40)));
    expect(framesOf(framer)).toHaveLength(1);
  });
});

test('looking at the start copies no more than was asked for, in however many pieces it came', () => {
  const framer = new Framer(1_000_000);
  for (let index = 0; index < 50_000; index += 1) framer.push(Buffer.from([index & 0xff]));
  const start = framer.peek(8);
  expect(start).toEqual(Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]));
  expect(start.buffer.byteLength).toBeLessThan(50_000);
  expect(framer.bufferedBytes).toBe(50_000);
});
