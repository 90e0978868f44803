import { expect, test } from 'vitest';
import { boundHeapByTraffic } from '../../src/runtime/heap.ts';

test('the heap may grow while many messages pass, and no longer', () => {
  let now = 0;
  let handled = 0;
  let due: (() => void) | undefined;
  const told: string[] = [];
  const second = (messages: number): void => {
    now += 1_000;
    handled += messages;
    due?.();
  };
  const end = boundHeapByTraffic(
    () => handled,
    {
      monotonic: () => now,
      after: (_ms, run) => {
        due = run;
        return () => (due = undefined);
      },
    },
    { free: () => told.push('free'), bound: () => told.push('bound') },
  );
  second(100);
  expect(told).toEqual([]);
  second(50_000);
  second(50_000);
  expect(told).toEqual(['free']);
  second(0);
  second(0);
  expect(told).toEqual(['free', 'bound']);
  end();
  expect(due).toBeUndefined();
});
