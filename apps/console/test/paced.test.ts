import { describe, expect, test } from 'vitest';
import { paced, type PaceClock } from '../lib/paced.ts';

/** A machine on which drawing takes `drawMs`, and a clock that is moved by hand. */
function machine(drawMs: number) {
  let now = 0;
  const timers: { at: number; run: () => void }[] = [];
  const after: PaceClock['after'] = (ms, run) => {
    const timer = { at: now + ms, run };
    timers.push(timer);
    return () => void timers.splice(timers.indexOf(timer), 1);
  };
  const clock: PaceClock = { now: () => now, after, afterPaint: (run) => after(drawMs, run) };
  const moveTo = (time: number): void => {
    for (;;) {
      const next = timers.filter(({ at }) => at <= time).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      timers.splice(timers.indexOf(next), 1);
      now = next.at;
      next.run();
    }
    now = time;
  };
  return { clock, moveTo };
}

describe('what is paced', () => {
  test('is applied at once while nothing was before it', () => {
    const { clock } = machine(50);
    const applied: number[][] = [];
    paced<number>((items) => applied.push([...items]), clock).push(1);
    expect(applied).toEqual([[1]]);
  });

  test('is applied together, in its order, when drawing has had its rest, and nothing is lost', () => {
    const { clock, moveTo } = machine(60);
    const applied: number[][] = [];
    const live = paced<number>((items) => applied.push([...items]), clock);
    live.push(1);
    live.push(2);
    moveTo(100);
    live.push(3);
    moveTo(399);
    expect(applied).toEqual([[1]]);
    moveTo(401);
    expect(applied).toEqual([[1], [2, 3]]);
  });

  test.each([10, 100, 400])('leaves most of the time to the reader where drawing takes %i ms', (drawMs) => {
    const { clock, moveTo } = machine(drawMs);
    let busyMs = 0;
    const live = paced<number>(() => (busyMs += drawMs), clock);
    for (let time = 0; time < 60_000; time += 250) {
      moveTo(time);
      live.push(time);
    }
    expect(busyMs).toBeGreaterThan(0);
    expect(busyMs / 60_000).toBeLessThan(0.2);
  });

  test('waits no longer than five seconds on the slowest machine', () => {
    const { clock, moveTo } = machine(3_000);
    const applied: number[][] = [];
    const live = paced<number>((items) => applied.push([...items]), clock);
    live.push(1);
    live.push(2);
    moveTo(8_000);
    expect(applied).toEqual([[1], [2]]);
  });

  test('is forgotten when it is stopped, and begins anew', () => {
    const { clock, moveTo } = machine(10);
    const applied: number[][] = [];
    const live = paced<number>((items) => applied.push([...items]), clock);
    live.push(1);
    live.push(2);
    live.stop();
    moveTo(10_000);
    live.push(3);
    expect(applied).toEqual([[1], [3]]);
  });
});
