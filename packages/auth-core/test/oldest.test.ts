import { expect, test } from 'vitest';
import { oldestOf } from '../src/oldest.ts';

test('the oldest key of a map is told, through deletions, rewritten keys and a time when it was empty', () => {
  const map = new Map<string, number>();
  const oldest = oldestOf(map);
  expect(oldest()).toBeUndefined();
  for (const key of ['a', 'b', 'c', 'd']) map.set(key, 1);
  expect(oldest()).toBe('a');
  map.delete('a');
  map.delete('b');
  map.set('b', 2);
  expect(oldest()).toBe('c');
  map.delete('c');
  map.clear();
  expect(oldest()).toBeUndefined();
  map.set('e', 1);
  expect(oldest()).toBe('e');
});

test('a map that is kept at a size forgets in the order in which it was written', () => {
  const map = new Map<number, number>();
  const oldest = oldestOf(map);
  const forgotten: number[] = [];
  for (let key = 0; key < 5_000; key += 1) {
    map.set(key, key);
    if (map.size <= 100) continue;
    const first = oldest();
    expect(first).toBe(map.keys().next().value);
    if (first === undefined) continue;
    map.delete(first);
    forgotten.push(first);
  }
  expect(forgotten).toEqual(Array.from({ length: 4_900 }, (_, index) => index));
});
