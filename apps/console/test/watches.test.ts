import type { WatchDto, WatchEntryDto } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { lastSequence, remaining, spacedHex, withNewAttempts } from '../lib/unauthorized/watched.ts';

const watch = (entries: number): WatchDto => ({
  id: 'w',
  target: { kind: 'ip', value: '192.0.2.7' },
  startedAt: '2026-05-05T12:00:00.000Z',
  until: '2026-05-05T12:15:00.000Z',
  running: true,
  entries,
  forgotten: 0,
});

const attempt = (sequence: number): WatchEntryDto => ({
  sequence,
  at: '2026-05-05T12:00:01.000Z',
  outcome: 'refused',
  reason: 'BASIC_NO_CREDENTIALS',
  ref: 'r',
  clientId: 'pump-7',
  username: null,
  ip: '192.0.2.7',
  port: 40_000,
  listener: 'tcp',
  protocol: 4,
  connectHex: null,
  connectBytes: 0,
});

describe('the attempts of a watch', () => {
  const first = withNewAttempts(undefined, { watch: watch(2), items: [attempt(1), attempt(2)] });
  const sequences = (entries: number, ...items: number[]): readonly number[] =>
    withNewAttempts(first, { watch: watch(entries), items: items.map(attempt) }).attempts.map(
      ({ sequence }) => sequence,
    );

  test('are newest first, and the next read asks only for what came after them', () => {
    expect(first.attempts.map(({ sequence }) => sequence)).toEqual([2, 1]);
    expect([lastSequence(undefined), lastSequence(first)]).toEqual([0, 2]);
  });
  test('grow by what is new', () => {
    expect(sequences(4, 3, 4)).toEqual([4, 3, 2, 1]);
    expect(sequences(2)).toEqual([2, 1]);
  });
  test('are never shown twice, also when two reads overlap', () => {
    expect(sequences(3, 2, 3)).toEqual([3, 2, 1]);
  });
  test('that the server let go of are gone', () => {
    expect(sequences(2, 3)).toEqual([3, 2]);
  });
});

test('bytes are written apart, without a blank at the end', () => {
  expect(spacedHex('102a00')).toBe('10 2a 00');
  expect(spacedHex('')).toBe('');
});

test('the time left counts down to 0:00 and stays there', () => {
  const until = '2026-05-05T12:15:00.000Z';
  expect(remaining(until, Date.parse('2026-05-05T12:00:00Z'))).toBe('15:00');
  expect(remaining(until, Date.parse('2026-05-05T12:14:55.400Z'))).toBe('0:05');
  expect(remaining(until, Date.parse('2026-05-05T13:00:00Z'))).toBe('0:00');
});
