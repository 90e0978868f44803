import { describe, expect, test, vi } from 'vitest';
import { attemptFrom, budgetOf, MINUTE_MS, named } from './support/guessing-world.ts';

describe('forgiving and listing', () => {
  const tight = { pairFailuresMax: 1, usernameFailuresMax: 1, networkFailuresMax: 1 };

  test('the list says who is refused, why and until when, and nobody else', () => {
    const { budget, fail, clock } = budgetOf({
      pairFailuresMax: 2,
      usernameFailuresMax: 3,
      networkFailuresMax: 3,
    });
    fail(1, '198.51.100.1', 'bob');
    fail(3);
    const ann = { by: 'username', value: 'ann' };
    expect(budget.list()).toEqual([
      {
        kind: 'pair',
        ip: '203.0.113.7',
        identity: ann,
        network: null,
        failures: 3,
        until: clock.now() + 10 * MINUTE_MS,
      },
      { kind: 'username', ip: null, identity: ann, network: null, failures: 3, until: clock.now() + 2_000 },
      {
        kind: 'network',
        ip: null,
        identity: null,
        network: '203.0.113.0/24',
        failures: 3,
        until: clock.now() + 250,
      },
    ]);
  });

  test('the list is bounded and shows the newest', () => {
    const { budget, fail } = budgetOf({ pairFailuresMax: 1, listedMax: 2 });
    for (const username of ['a', 'b', 'c']) fail(1, '203.0.113.7', username);
    expect(budget.list().map(({ identity }) => identity?.value)).toEqual(['c', 'b']);
  });

  test.each([
    ['the username and the address', { identities: [named('ann')], ip: '203.0.113.7' }, true, false],
    ['the username', { identities: [named('ann')], ip: null }, false, false],
    ['the address', { identities: null, ip: '203.0.113.7' }, false, false],
    ['another username', { identities: [named('bob')], ip: null }, false, false],
    ['another address', { identities: [named('ann')], ip: '198.51.100.9' }, false, false],
    ['everybody', { identities: null, ip: null }, true, true],
  ])('forgiving %s lets exactly them try again', (_, who, annFromHere, annFromThere) => {
    const { budget, fail, admits } = budgetOf(tight);
    fail(1, '203.0.113.7', 'ann');
    fail(1, '198.51.100.1', 'ann');
    budget.forgive(who);
    expect(admits('203.0.113.7', 'ann')).toBe(annFromHere);
    expect(admits('198.51.100.1', 'ann')).toBe(annFromThere);
  });

  test.each([
    [
      'a username lifts its blocks at every address',
      { identities: [named('ann')], ip: null },
      ['ann here', 'ann there'],
    ],
    [
      'an address lifts its blocks for every username',
      { identities: null, ip: '203.0.113.7' },
      ['ann here', 'bob here'],
    ],
    ['the two together lift one block', { identities: [named('ann')], ip: '203.0.113.7' }, ['ann here']],
  ])('forgiving %s', (_, who, lifted) => {
    const { budget, fail, admits } = budgetOf({ pairFailuresMax: 1 });
    const guessers = {
      'ann here': ['203.0.113.7', 'ann'],
      'ann there': ['198.51.100.1', 'ann'],
      'bob here': ['203.0.113.7', 'bob'],
    } as const;
    for (const [ip, username] of Object.values(guessers)) fail(1, ip, username);
    budget.forgive(who);
    const free = Object.entries(guessers).filter(([, [ip, username]]) => admits(ip, username));
    expect(free.map(([name]) => name)).toEqual(lifted);
  });
});

describe('forgiving many at once', () => {
  test('looks each name up and never goes through the guessers', () => {
    const { budget, fail } = budgetOf({ pairFailuresMax: 1 });
    for (let n = 0; n < 20_000; n += 1) fail(1, `203.0.${n % 200}.7`, `user-${n}`);
    const forgiven = Array.from({ length: 10_000 }, (_, n) => named(`user-${n}`));
    const walks = (['entries', 'keys', 'values', 'forEach', Symbol.iterator] as const).map((name) =>
      vi.spyOn(Map.prototype, name as 'entries'),
    );
    const lookUps = (['get', 'delete'] as const).map((name) => vi.spyOn(Map.prototype, name));
    const calls = (spies: readonly { readonly mock: { readonly calls: readonly unknown[] } }[]): number =>
      spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
    let visits: readonly number[];
    try {
      budget.forgive({ identities: forgiven, ip: null });
      visits = [calls(walks), calls(lookUps) / forgiven.length];
    } finally {
      vi.restoreAllMocks();
    }
    expect(visits[0]).toBe(0);
    expect(visits[1]).toBeLessThan(12);
    expect(budget.admit(attemptFrom('203.0.0.7', 'user-0')).result).toBe('ok');
    expect(budget.admit(attemptFrom('203.0.0.7', 'user-10000')).result).toBe('refused');
  });

  test('a client ID is forgiven like a username, and is not mistaken for one', () => {
    const { budget } = budgetOf({ pairFailuresMax: 1 });
    const device = attemptFrom('203.0.113.7', undefined, 'pump-7');
    budget.failed(device);
    budget.forgive({ identities: [named('pump-7')], ip: null });
    expect(budget.admit(device).result).toBe('refused');
    budget.forgive({ identities: [{ by: 'clientId', value: 'pump-7' }], ip: null });
    expect(budget.admit(device).result).toBe('ok');
  });
});

describe('forgiving what others see', () => {
  test('a name that a directory counts in its own spelling is forgiven as the client wrote it', () => {
    const { budget } = budgetOf({ pairFailuresMax: 1 });
    const attempt = attemptFrom('203.0.113.7', ' Ann  SMITH');
    const folded = [named('ann smith')];
    budget.failed(attempt, folded);
    expect(budget.admit(attempt, folded).result).toBe('refused');
    budget.forgive({ identities: [named(' Ann  SMITH')], ip: '203.0.113.7' });
    expect(budget.admit(attempt, folded).result).toBe('ok');
  });

  test('a network is forgiven by itself: its blocked pairs stay blocked', () => {
    const { budget, fail, admits } = budgetOf({ pairFailuresMax: 1, networkFailuresMax: 1 });
    fail(1);
    expect(admits('203.0.113.8', 'bob')).toBe(false);
    budget.forgive({ identities: null, ip: null, network: '203.0.113.0/24' });
    expect(admits('203.0.113.8', 'bob')).toBe(true);
    expect(admits()).toBe(false);
  });
});
