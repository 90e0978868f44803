import { describe, expect, test, vi } from 'vitest';
import { createGuessingBudget } from '../src/guessing/budget.ts';
import { GUESSING_LIMITS, type GuessingLimits } from '../src/guessing/limits.ts';
import { attemptOf, manualClock } from '../src/testing/index.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const attemptFrom = (ip: string, username: string | undefined, clientId = 'pump-7') =>
  attemptOf({ ip, username, clientId });

const named = (value: string) => ({ by: 'username', value }) as const;

function budgetOf(limits: Partial<GuessingLimits> = {}, exempt: readonly string[] = []) {
  const clock = manualClock();
  const budget = createGuessingBudget({ clock, limits, exempt });
  const admit = (ip = '203.0.113.7', username = 'ann') => budget.admit(attemptFrom(ip, username));
  /** Asks, and gives the guess back. */
  const admits = (ip = '203.0.113.7', username = 'ann') => {
    const isAdmitted = admit(ip, username).result === 'ok';
    if (isAdmitted) budget.released(attemptFrom(ip, username));
    return isAdmitted;
  };
  const fail = (times: number, ip = '203.0.113.7', username = 'ann') => {
    for (let n = 0; n < times; n += 1) budget.failed(attemptFrom(ip, username));
  };
  return { budget, clock, fail, admit, admits };
}

describe('one address with one username', () => {
  test('is blocked for ten minutes after its failures are used up, and told until when', () => {
    const { fail, admits, admit, clock } = budgetOf();
    fail(9);
    expect(admits()).toBe(true);
    fail(1);
    expect(admit()).toEqual({ result: 'refused', until: clock.now() + 10 * MINUTE_MS, failures: 10 });
    clock.advance(10 * MINUTE_MS - 1);
    expect(admits()).toBe(false);
    clock.advance(1);
    expect(admits()).toBe(true);
  });

  test('has one try after a block, and each block is twice as long, up to a day', () => {
    const { fail, admit, clock } = budgetOf();
    fail(10);
    const blocks: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      const refused = admit();
      if (refused.result !== 'refused') throw new Error('expected to be refused');
      blocks.push((refused.until - clock.now()) / MINUTE_MS);
      clock.advance(refused.until - clock.now());
      expect(admit().result).toBe('ok');
      fail(1);
    }
    expect(blocks).toEqual([10, 20, 40, 80, 160, 320, 640, 1_280, 1_440, 1_440]);
  });

  test('failures that were under way when the block came are counted but do not lengthen it', () => {
    const { fail, admit, clock } = budgetOf();
    fail(15);
    expect(admit()).toEqual({ result: 'refused', until: clock.now() + 10 * MINUTE_MS, failures: 15 });
  });

  test('a failure a minute is a stale device, not somebody guessing', () => {
    const { fail, admits, clock } = budgetOf();
    for (let n = 0; n < 1_000; n += 1) {
      fail(1);
      expect(admits()).toBe(true);
      clock.advance(MINUTE_MS);
    }
  });

  test('is forgotten after a day without failures', () => {
    const { fail, admit, clock } = budgetOf();
    fail(10);
    clock.advance(10 * MINUTE_MS);
    fail(1);
    clock.advance(20 * MINUTE_MS + DAY_MS + 1);
    fail(10);
    expect(admit()).toEqual({ result: 'refused', until: clock.now() + 10 * MINUTE_MS, failures: 10 });
  });

  test('a good login clears it', () => {
    const { budget, fail, admits } = budgetOf();
    fail(9);
    budget.succeeded(attemptFrom('203.0.113.7', 'ann'));
    fail(9);
    expect(admits()).toBe(true);
  });

  test('does not touch another username or another address', () => {
    const { fail, admits } = budgetOf();
    fail(10);
    expect(admits('203.0.113.7', 'bob')).toBe(true);
    expect(admits('203.0.113.8', 'ann')).toBe(true);
  });

  test('a client without a username is counted by its client ID', () => {
    const { budget } = budgetOf({ pairFailuresMax: 1 });
    budget.failed(attemptFrom('203.0.113.7', '', 'pump-7'));
    expect(budget.admit(attemptFrom('203.0.113.7', undefined, 'pump-7')).result).toBe('refused');
    expect(budget.admit(attemptFrom('203.0.113.7', undefined, 'pump-8')).result).toBe('ok');
    expect(budget.admit(attemptFrom('203.0.113.7', 'pump-7')).result).toBe('ok');
  });
});

describe('a username from everywhere, a network with every username', () => {
  test('a username alone gets slower and is never blocked', () => {
    const { fail, admit, admits, clock } = budgetOf({ usernameFailuresMax: 3, usernameRefillMs: 2_000 });
    for (const ip of ['198.51.100.1', '203.0.113.1', '192.0.2.1', '192.0.2.2']) fail(1, ip);
    expect(admit('192.0.2.3')).toEqual({ result: 'refused', until: clock.now() + 2_000, failures: 4 });
    clock.advance(2_000);
    expect(admits('192.0.2.3')).toBe(true);
  });

  test.each([
    ['/24', '203.0.113.', '203.0.113.99', '203.0.114.1'],
    ['/64', '2001:db8:1:2::', '2001:db8:1:2:ffff::1', '2001:db8:1:3::1'],
  ])('a %s gets slower with any username, its neighbour does not', (_, prefix, inside, outside) => {
    const { fail, admits, clock } = budgetOf({ networkFailuresMax: 3, networkRefillMs: 500 });
    for (let n = 1; n <= 3; n += 1) fail(1, `${prefix}${n}`, `user-${n}`);
    expect(admits(inside, 'somebody')).toBe(false);
    expect(admits(outside, 'somebody')).toBe(true);
    clock.advance(500);
    expect(admits(inside, 'somebody')).toBe(true);
  });

  test('successes cost nothing, however many', () => {
    const { budget, admits } = budgetOf({
      pairFailuresMax: 1,
      usernameFailuresMax: 1,
      networkFailuresMax: 1,
    });
    for (let n = 0; n < 100; n += 1) budget.succeeded(attemptFrom('203.0.113.7', 'ann'));
    expect(admits()).toBe(true);
  });

  test('a clock that is set back gives no failures away', () => {
    let now = manualClock().now();
    const budget = createGuessingBudget({
      clock: { ...manualClock(), now: () => now },
      limits: { usernameFailuresMax: 2 },
    });
    const from = (ip: string) => attemptOf({ ip, username: 'ann' });
    budget.failed(from('203.0.113.1'));
    now -= DAY_MS;
    budget.failed(from('198.51.100.1'));
    expect(budget.admit(from('192.0.2.1')).result).toBe('refused');
  });
});

describe('exempt networks', () => {
  test('are neither counted nor refused, of both families', () => {
    const { fail, admits } = budgetOf({ pairFailuresMax: 1 }, ['10.0.0.0/8', '2001:db8::/32']);
    fail(5, '10.1.2.3');
    fail(5, '2001:db8:9::1');
    expect(admits('10.1.2.3')).toBe(true);
    expect(admits('2001:db8:9::1')).toBe(true);
    fail(1, '203.0.113.7');
    expect(admits('203.0.113.7')).toBe(false);
  });

  test('are those of the connection itself, whatever a proxy says of the client', () => {
    const { budget } = budgetOf({ pairFailuresMax: 1 }, ['10.0.0.0/8']);
    const claimed = attemptOf({ ip: '10.1.2.3', peerIp: '203.0.113.7', username: 'ann' });
    budget.failed(claimed);
    expect(budget.admit(claimed).result).toBe('refused');
    const direct = attemptOf({ ip: '203.0.113.9', peerIp: '10.1.2.3', username: 'ann' });
    budget.failed(direct);
    expect(budget.admit(direct).result).toBe('ok');
  });

  test('an address that cannot be read is never exempt', () => {
    const { fail, admits } = budgetOf({ pairFailuresMax: 1 }, ['0.0.0.0/0']);
    fail(1, 'unknown');
    expect(admits('unknown')).toBe(false);
  });

  test('what is no network is refused when the budget is made', () => {
    expect(() => budgetOf({}, ['ten/8'])).toThrow(RangeError);
  });
});

describe('guesses under way', () => {
  test('count as wrong until they are answered, so that many at once gain nothing', () => {
    const { fail, admit } = budgetOf();
    const admitted = Array.from({ length: 100 }, () => admit().result);
    expect(admitted.filter((result) => result === 'ok')).toHaveLength(10);
    // Nobody has guessed wrong yet: the others are told to come back, and are no case for an operator.
    expect(admitted.filter((result) => result === 'busy')).toHaveLength(90);
    fail(10);
    expect(admit().result).toBe('refused');
  });

  test.each(['succeeded', 'released'] as const)('are given back when they %s', (what) => {
    const { budget, admit } = budgetOf({
      pairFailuresMax: 2,
      usernameFailuresMax: 2,
      networkFailuresMax: 2,
    });
    for (let n = 0; n < 100; n += 1) {
      expect([admit().result, admit().result, admit().result]).toEqual(['ok', 'ok', 'busy']);
      for (let taken = 0; taken < 2; taken += 1) budget[what](attemptFrom('203.0.113.7', 'ann'));
    }
    expect(budget.list()).toEqual([]);
  });

  test('leave what is left after real failures', () => {
    const { fail, admit } = budgetOf();
    fail(8);
    expect([admit().result, admit().result, admit().result]).toEqual(['ok', 'ok', 'busy']);
  });
});

describe('the identities whose secrets are tried', () => {
  test('are what is counted, under whatever username the client comes', () => {
    const { budget } = budgetOf({ pairFailuresMax: 3 });
    const tried = [{ by: 'clientId', value: 'pump-7' }] as const;
    for (let n = 0; n < 3; n += 1) budget.failed(attemptFrom('203.0.113.7', `fresh-${n}`), tried);
    expect(budget.admit(attemptFrom('203.0.113.7', 'fresh-4'), tried).result).toBe('refused');
    expect(budget.list().map(({ identity }) => identity)).toEqual(tried);
  });

  test('are cleared only where their own secret was right', () => {
    const { budget } = budgetOf({ pairFailuresMax: 2 });
    const [ann, pump] = [named('ann'), { by: 'clientId', value: 'pump-7' }] as const;
    const attempt = attemptFrom('203.0.113.7', 'ann');
    budget.failed(attempt, [ann, pump]);
    budget.succeeded(attempt, [ann, pump], pump);
    budget.failed(attempt, [ann, pump]);
    expect(budget.admit(attempt, [ann]).result).toBe('refused');
    expect(budget.admit(attempt, [pump]).result).toBe('ok');
  });
});

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

describe('what is counted', () => {
  test('failures, refusals without work, and forgiveness; entries by kind', () => {
    const { budget, fail, admit } = budgetOf({ pairFailuresMax: 2 });
    fail(2);
    admit();
    budget.forgive({ identities: [named('bob')], ip: null });
    expect(budget.counters()).toEqual({
      failures: 2,
      refused: 1,
      busy: 0,
      forgiven: 1,
      entries: { pair: 1, username: 1, network: 1 },
    });
  });
});

describe('bounds', () => {
  test('however many logins fail, no kind of entry outgrows its bound, nor does the list', () => {
    const entriesMax = 1_000;
    const { budget, fail } = budgetOf({ pairFailuresMax: 1, entriesMax, listedMax: 50 });
    for (let n = 0; n < 50_000; n += 1) fail(1, `10.${(n >> 8) & 255}.${n & 255}.7`, `user-${n}`);
    const { entries, failures } = budget.counters();
    expect(failures).toBe(50_000);
    expect(entries).toEqual({ pair: entriesMax, username: entriesMax, network: entriesMax });
    expect(budget.list()).toHaveLength(50);
    budget.forgive({ identities: null, ip: null });
    expect(budget.counters().entries).toEqual({ pair: 0, username: 0, network: 0 });
  });

  test('entries are bounded; the one that failed longest ago goes first', () => {
    const { fail, admits } = budgetOf({ pairFailuresMax: 1, entriesMax: 2 });
    for (const username of ['a', 'b', 'a', 'c']) fail(1, '203.0.113.7', username);
    expect(['a', 'b', 'c'].map((username) => admits('203.0.113.7', username))).toEqual([false, true, false]);
  });

  test('usernames are told apart up to a bound, and forgiven by their whole length', () => {
    const { budget, fail, admits } = budgetOf({ pairFailuresMax: 1, usernameUnitsMax: 4 });
    fail(1, '203.0.113.7', 'abcdefgh');
    expect(admits('203.0.113.7', 'abcdZZZZ')).toBe(false);
    expect(admits('203.0.113.7', 'abcZ')).toBe(true);
    budget.forgive({ identities: [named('abcdefgh')], ip: '203.0.113.7' });
    expect(admits('203.0.113.7', 'abcdefgh')).toBe(true);
  });

  test('every limit has a default', () => {
    const budget = createGuessingBudget({ clock: manualClock() });
    expect(budget.list()).toEqual([]);
    for (const limit of Object.values(GUESSING_LIMITS)) expect(limit).toBeGreaterThan(0);
  });
});
