import { expect, test } from 'vitest';
import { boundHeapByTraffic } from '../../src/runtime/heap.ts';

test('the heap may grow while many messages pass or many clients log in, and no longer', () => {
  let now = 0;
  let served = { messages: 0, logins: 0 };
  let due: (() => void) | undefined;
  const told: string[] = [];
  const second = (messages: number, logins = 0): void => {
    now += 1_000;
    served = { messages: served.messages + messages, logins: served.logins + logins };
    due?.();
  };
  const end = boundHeapByTraffic(
    () => served,
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
  second(0, 3_000);
  second(100, 50);
  expect(told).toEqual(['free', 'bound', 'free', 'bound']);
  end();
  expect(due).toBeUndefined();
});
