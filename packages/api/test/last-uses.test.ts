import type { Clock } from '@gatehouse/auth-core';
import { expect, it } from 'vitest';
import { LAST_USES, LastUses } from '../src/security/last-uses.ts';

const START = 1_790_000_000_000;

function start() {
  let now = START;
  const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
  const writes: number[] = [];
  const write = (at: number): Promise<void> => {
    writes.push(at);
    return Promise.resolve();
  };
  return {
    uses: new LastUses(clock, { warn: () => undefined }),
    write,
    writes,
    advance: (ms: number) => (now += ms),
  };
}

it('a last use that the store never takes is written once per interval, and known all the same', () => {
  const { uses, write, writes, advance } = start();
  const key = { id: 'key', at: null };
  uses.note(key, write);
  uses.note(key, write);
  advance(LAST_USES.intervalMs);
  uses.note(key, write);
  expect(uses.at(key)).toBe(START);
  advance(1);
  uses.note(key, write);
  expect(writes).toEqual([START, START + LAST_USES.intervalMs + 1]);
  expect(uses.at(key)).toBe(START + LAST_USES.intervalMs + 1);
});

it('a last use that another server has stored counts, too', () => {
  const { uses, write, writes } = start();
  const session = { id: 'session', at: START - LAST_USES.intervalMs };
  uses.note(session, write);
  expect([uses.at(session), writes]).toEqual([session.at, []]);
});

it('no more keys and sessions are remembered than the bound says', () => {
  const { uses, write } = start();
  for (let i = 0; i <= LAST_USES.knownMax; i++) uses.note({ id: String(i), at: null }, write);
  expect(uses.at({ id: '0', at: null })).toBe(0);
  expect(uses.at({ id: '1', at: null })).toBe(START);
});
