import type { Clock } from '@gatehouse/auth-core';
import { describe, expect, it } from 'vitest';
import { LOGIN_THROTTLE, LoginThrottle } from '../src/security/login-throttle.ts';

const at = (start: number) => {
  let now = start;
  const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
  return { throttle: new LoginThrottle(clock), pass: (ms: number) => (now += ms) };
};

const fail = (throttle: LoginThrottle, times: number, account = 'a', ip = 'ip'): void => {
  for (let i = 0; i < times; i++) throttle.admit(account, ip);
};

describe('the login throttle', () => {
  it('counts attempts that are still being verified, so that many at once gain nothing', () => {
    const { throttle } = at(0);
    fail(throttle, LOGIN_THROTTLE.freeFailures);
    expect(throttle.admit('a', 'ip').result).toBe('wait');
  });

  it('doubles the wait with each failure up to its bound, and never locks', () => {
    const { throttle, pass } = at(0);
    fail(throttle, LOGIN_THROTTLE.freeFailures);
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      const refused = throttle.admit('a', 'ip');
      if (refused.result !== 'wait') throw new Error('expected to wait');
      waits.push(refused.retryAfterSeconds);
      pass(refused.retryAfterSeconds * 1000);
      expect(throttle.admit('a', 'ip').result).toBe('ok');
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]);
  });

  it('leaves the account open to other addresses, and the address to other accounts for a while', () => {
    const { throttle } = at(0);
    fail(throttle, LOGIN_THROTTLE.freeFailures);
    expect(throttle.admit('a', 'other').result).toBe('ok');
    expect(throttle.admit('b', 'ip').result).toBe('ok');
    for (let i = 0; i < LOGIN_THROTTLE.freeFailuresPerIp; i++) throttle.admit(`account-${i}`, 'ip');
    expect(throttle.admit('fresh', 'ip').result).toBe('wait');
  });

  it('forgets on success, and what was never decided', () => {
    const { throttle } = at(0);
    for (let i = 0; i < 50; i++) {
      const admission = throttle.admit('a', 'ip');
      if (admission.result !== 'ok') throw new Error('expected to be admitted');
      if (i % 2 === 0) admission.succeeded();
      else admission.undecided();
    }
    expect(throttle.admit('a', 'ip').result).toBe('ok');
  });

  it('takes a whole /64 for one address', () => {
    const { throttle } = at(0);
    for (let i = 0; i < LOGIN_THROTTLE.freeFailures; i++) throttle.admit('a', `2001:db8::${i + 1}`);
    expect(throttle.admit('a', '2001:db8::ffff').result).toBe('wait');
    expect(throttle.admit('a', '2001:db8:0:1::1').result).toBe('ok');
  });

  it('forgets after its time', () => {
    const { throttle, pass } = at(0);
    fail(throttle, LOGIN_THROTTLE.freeFailures);
    pass(LOGIN_THROTTLE.forgetMs + 1);
    expect(throttle.admit('a', 'ip').result).toBe('ok');
  });
});
