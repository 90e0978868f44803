import { describe, expect, test } from 'vitest';
import { createGuessingBudget } from '../src/guessing/budget.ts';
import { attemptOf, manualClock } from '../src/testing/index.ts';
import { attemptFrom, budgetOf, MINUTE_MS, named } from './support/guessing-world.ts';

const DAY_MS = 86_400_000;

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
