import { describe, expect, test } from 'vitest';
import { createBackendGuard, type BackendGuardOptions } from '../src/backend/guard.ts';
import type { Authenticator } from '../src/needs.ts';
import { attemptOf, manualClock } from '../src/testing/index.ts';
import type { Verdict } from '../src/verdict.ts';

const IGNORE: Verdict = { outcome: 'ignore', reason: 'SOURCE_NO_RECORD' };
const DOWN: Verdict = { outcome: 'error', reason: 'SOURCE_UNREACHABLE', detail: { problem: 'refused' } };

/** A backend whose answers are given by hand, in the order that it was asked. */
function house(differs: Partial<BackendGuardOptions> = {}) {
  const clock = manualClock();
  const asked: ((verdict: Verdict) => void)[] = [];
  const authenticator: Authenticator = {
    name: 'db',
    type: 'mysql',
    check: () =>
      new Promise((resolve) => {
        asked.push(resolve);
      }),
  };
  const guard = createBackendGuard({
    concurrentMax: 2,
    waitingMax: 1,
    waitMsMax: 1_000,
    breakerFailures: 2,
    breakerPauseMs: 10_000,
    clock,
    ...differs,
  });
  const guarded = guard.before(authenticator);
  return { clock, asked, guard, ask: () => Promise.resolve(guarded.check(attemptOf())) };
}

describe('the bulkhead', () => {
  test('asks about no more clients at a time than it may, lets some wait, and tells the others "busy"', async () => {
    const { ask, asked, guard } = house();
    const answers = [ask(), ask(), ask()];
    expect(await ask()).toEqual({ outcome: 'busy' });
    expect(guard.state()).toMatchObject({ running: 2, waiting: 1 });
    asked[0]?.(IGNORE);
    expect(await answers[0]).toEqual(IGNORE);
    await expect.poll(() => asked.length).toBe(3);
    asked[1]?.(IGNORE);
    asked[2]?.(IGNORE);
    expect(await Promise.all(answers)).toEqual([IGNORE, IGNORE, IGNORE]);
    expect(guard.state()).toMatchObject({ running: 0, waiting: 0 });
  });

  test('does not ask for a client that has waited longer than anybody waits for the answer', async () => {
    const { ask, asked, clock } = house({ concurrentMax: 1 });
    const first = ask();
    const second = ask();
    clock.advance(1_001);
    asked[0]?.(IGNORE);
    expect(await first).toEqual(IGNORE);
    expect(await second).toEqual({ outcome: 'busy' });
    expect(asked).toHaveLength(1);
  });

  test('gives back the place of one that threw, and passes the exception on', () => {
    const { guard } = house({ concurrentMax: 1, breakerFailures: 0 });
    const throwing = guard.before({
      name: 'db',
      type: 'mysql',
      check: () => {
        throw new Error('broken');
      },
    });
    for (let round = 0; round < 3; round += 1) {
      expect(() => throwing.check(attemptOf())).toThrow('broken');
    }
    expect(guard.state()).toMatchObject({ running: 0, breaker: 'closed' });
  });
});

describe('the breaker', () => {
  async function fail(world: ReturnType<typeof house>, times: number): Promise<void> {
    for (let round = 0; round < times; round += 1) {
      const answer = world.ask();
      await expect.poll(() => world.asked.length).toBeGreaterThan(0);
      world.asked.pop()?.(DOWN);
      expect(await answer).toEqual(DOWN);
    }
  }

  test('leaves a backend alone after so many errors in a row, and says until when, with the reason of the last', async () => {
    const world = house();
    await fail(world, 2);
    expect(await world.ask()).toMatchObject({
      outcome: 'error',
      reason: 'SOURCE_UNREACHABLE',
      detail: { retryInMs: 10_000 },
    });
    expect(world.asked).toHaveLength(0);
    expect(world.guard.state()).toEqual({ breaker: 'open', running: 0, waiting: 0 });
  });

  test('lets one client try afterwards, and all others when that went well', async () => {
    const world = house();
    await fail(world, 2);
    world.clock.advance(10_000);
    const trial = world.ask();
    expect((await world.ask()).outcome).toBe('error');
    world.asked.pop()?.(IGNORE);
    expect(await trial).toEqual(IGNORE);
    expect(world.guard.state().breaker).toBe('closed');
  });

  test('pauses anew when the trial fails', async () => {
    const world = house();
    await fail(world, 2);
    world.clock.advance(10_000);
    await fail(world, 1);
    expect(await world.ask()).toMatchObject({ outcome: 'error', detail: { retryInMs: 10_000 } });
  });

  test('counts errors in a row only, and a refusal is none', async () => {
    const world = house();
    await fail(world, 1);
    const refused = world.ask();
    world.asked.pop()?.({ outcome: 'deny', reason: 'SOURCE_PASSWORD_MISMATCH' });
    await refused;
    await fail(world, 1);
    expect(world.guard.state().breaker).toBe('closed');
  });

  test.each(['HTTP_BAD_RESPONSE', 'SOURCE_BAD_RESULT', 'LDAP_BAD_RESULT'] as const)(
    'is not opened by names that a backend answers badly about (%s): others are asked about all the same',
    async (reason) => {
      const world = house();
      for (let stumbled = 0; stumbled < 10; stumbled += 1) {
        const answer = world.ask();
        world.asked.pop()?.({ outcome: 'error', reason });
        expect(await answer).toEqual({ outcome: 'error', reason });
      }
      expect(world.guard.state().breaker).toBe('closed');
    },
  );
});
