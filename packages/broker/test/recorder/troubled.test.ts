import { describe, expect, test } from 'vitest';
import { TroubledBook } from '../../src/recorder/troubled.ts';
import { FakeClock } from '../support/fake-clock.ts';

const login = (at: number, clientId = 'pump-7', ip = '10.0.0.7', tookOver = false) => ({
  at,
  clientId,
  username: 'pump',
  credentialId: 'c-1',
  ip,
  listener: 'tcp',
  tlsUsed: false,
  protocol: 4 as const,
  ...(tookOver ? { tookOver } : {}),
});

describe('clients that are let in and fail all the same', () => {
  test('two devices with one client ID, each ending the other, are a takeover war, with both addresses', () => {
    const clock = new FakeClock();
    const book = new TroubledBook(clock);
    const start = clock.now();
    for (let n = 0; n < 6; n += 1)
      book.accepted(login(start + n * 1_000, 'pump-7', `10.0.0.${n % 2}`, n > 0));
    expect(book.list()).toEqual({
      items: [
        {
          clientId: 'pump-7',
          username: 'pump',
          trouble: 'takeover-war',
          logins: 6,
          takeovers: 5,
          since: start,
          lastAt: start + 5_000,
          ips: ['10.0.0.1', '10.0.0.0'],
          listener: 'tcp',
          interval: { medianSeconds: 1, regularity: 1 },
        },
      ],
      complete: true,
    });
  });

  test('a client that logs in again and again is a connect loop; a few logins are none', () => {
    const clock = new FakeClock();
    const book = new TroubledBook(clock);
    const start = clock.now();
    for (let n = 0; n < 9; n += 1) book.accepted(login(start + n));
    expect(book.list().items).toEqual([]);
    book.accepted(login(start + 9));
    expect(book.list().items).toMatchObject([{ trouble: 'connect-loop', logins: 10, takeovers: 0 }]);
  });

  test('who takes its leave with DISCONNECT after something useful is in no loop, however often; its other logins are', () => {
    const clock = new FakeClock();
    const book = new TroubledBook(clock);
    for (let n = 0; n < 40; n += 1) {
      book.accepted(login(clock.now() + n));
      book.left('pump-7');
    }
    book.left('pump-7');
    book.left('nobody');
    expect(book.list().items).toEqual([]);
    for (let n = 0; n < 9; n += 1) book.accepted(login(clock.now() + 40 + n));
    expect(book.list().items).toEqual([]);
    book.accepted(login(clock.now() + 50));
    expect(book.list().items).toMatchObject([{ trouble: 'connect-loop', logins: 50 }]);
  });

  test('a war stays one, whoever takes its leave', () => {
    const clock = new FakeClock();
    const book = new TroubledBook(clock);
    for (let n = 0; n < 6; n += 1) {
      book.accepted(login(clock.now() + n, 'pump-7', `10.0.0.${n % 2}`, n > 0));
      book.left('pump-7');
    }
    expect(book.list().items).toMatchObject([{ trouble: 'takeover-war' }]);
  });

  test('after five quiet minutes it is in trouble no longer, and begins anew', () => {
    const clock = new FakeClock();
    const book = new TroubledBook(clock);
    for (let n = 0; n < 10; n += 1) book.accepted(login(clock.now()));
    clock.advance(300_001);
    expect(book.list().items).toEqual([]);
    book.accepted(login(clock.now()));
    expect(book.list().items).toEqual([]);
  });

  test('is bounded in clients and in what it lists, and says when it lists not all', () => {
    const clock = new FakeClock();
    const book = new TroubledBook(clock, { clientsMax: 5, listedMax: 3, loopLoginsMin: 1 });
    for (let n = 0; n < 50; n += 1) book.accepted(login(clock.now() + n, `client-${n}`));
    const { items, complete } = book.list();
    expect(items.map(({ clientId }) => clientId)).toEqual(['client-49', 'client-48', 'client-47']);
    expect(complete).toBe(false);
  });
});
