import { expect, test } from 'vitest';
import { manualClock } from '../src/testing/index.ts';

test('a manual clock runs its timers in the order of their time and stops where it was told to', () => {
  const clock = manualClock(1_000);
  const ran: [string, number][] = [];
  clock.after(20, () => ran.push(['late', clock.monotonic()]));
  clock.after(10, () => {
    ran.push(['early', clock.monotonic()]);
    clock.after(5, () => ran.push(['made meanwhile', clock.monotonic()]));
  });
  const cancel = clock.after(15, () => ran.push(['cancelled', clock.monotonic()]));
  clock.after(31, () => ran.push(['not yet', clock.monotonic()]));
  cancel();
  clock.advance(30);
  expect(ran).toEqual([
    ['early', 10],
    ['made meanwhile', 15],
    ['late', 20],
  ]);
  expect([clock.now(), clock.monotonic(), clock.pending()]).toEqual([1_030, 30, 1]);
});
