import { manualClock } from '@gatehouse/auth-core/testing';
import { expect, test } from 'vitest';
import { TokenMemory } from '../src/jwt-memory.ts';

const GOOD = { result: 'verified', claims: {}, alg: 'HS256', kid: undefined } as const;
const BAD = { result: 'signature-invalid', alg: 'HS256', kid: undefined, keysTried: 1 } as const;

test('ten thousand tokens are remembered, the last ones', () => {
  const memory = new TokenMemory(manualClock());
  for (let index = 0; index <= 10_000; index += 1) memory.set(`token-${index}`, GOOD, undefined, 0);
  expect(memory.get('token-0', 0)).toBeUndefined();
  expect(memory.get('token-1', 0)).toBe(GOOD);
  expect(memory.get('token-10000', 0)).toBe(GOOD);
});

test('and no more than sixteen million characters of them, however often one comes again', () => {
  const memory = new TokenMemory(manualClock());
  const long = (index: number): string => String(index).padEnd(16_384, 'x');
  for (let round = 0; round < 2_000; round += 1) memory.set(long(0), GOOD, undefined, 0);
  for (let index = 1; index < 1_024; index += 1) memory.set(long(index), GOOD, undefined, 0);
  expect(memory.get(long(0), 0)).toBe(GOOD);
  memory.set(long(1_024), GOOD, undefined, 0);
  expect(memory.get(long(0), 0)).toBeUndefined();
  expect(memory.get(long(1), 0)).toBe(GOOD);
});

test('any number of bad tokens pushes out no good one', () => {
  const memory = new TokenMemory(manualClock());
  memory.set('good', GOOD, undefined, 0);
  for (let index = 0; index <= 10_000; index += 1) memory.set(`bad-${index}`, BAD, undefined, 0);
  expect(memory.get('good', 0)).toBe(GOOD);
  expect(memory.get('bad-0', 0)).toBeUndefined();
});

test('other keys make everything forgotten, and what comes late from the old ones is not kept', () => {
  const memory = new TokenMemory(manualClock());
  memory.set('old', GOOD, undefined, 1);
  expect(memory.get('old', 2)).toBeUndefined();
  memory.set('late', GOOD, undefined, 1);
  expect(memory.get('late', 2)).toBeUndefined();
});

test('a token without an end is remembered for an hour, one that has ended not at all', () => {
  const clock = manualClock();
  const memory = new TokenMemory(clock);
  memory.set('endless', GOOD, undefined, 0);
  memory.set('ended', GOOD, clock.now() / 1_000, 0);
  expect(memory.get('ended', 0)).toBeUndefined();
  clock.advance(3_599_999);
  expect(memory.get('endless', 0)).toBe(GOOD);
  clock.advance(1);
  expect(memory.get('endless', 0)).toBeUndefined();
});
