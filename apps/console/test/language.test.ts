import { describe, expect, test } from 'vitest';
import { chooseLocale } from '../lib/choose-locale.ts';
import { createFormat } from '../lib/format.ts';
import { parseZone } from '../lib/parse-zone.ts';
import { fromWallClock, toWallClock, yesterdayOf } from '../lib/wall-clock.ts';
import { zoneCookieValue } from '../lib/zone.ts';

describe('the language of a request', () => {
  const asked = (cookie: string | undefined, acceptLanguage: string | null, testLocales = false) =>
    chooseLocale({ cookie, acceptLanguage, testLocales });

  test('nothing said, nothing known, and hostile headers are English', () => {
    for (const header of [null, '', '*', 'fr, it;q=0.9', ';;;q=,,', 'x'.repeat(10_000)])
      expect(asked(undefined, header)).toBe('en');
    expect(asked('xx', null)).toBe('en');
  });

  test('the languages of tests are not given where tests are not run', () => {
    expect(asked('en-XA', null)).toBe('en');
    expect(asked('ar-XB', null, true)).toBe('ar-XB');
  });
});

describe('the time zone of a request', () => {
  test('what is chosen is read back, and a browser’s zone that is none is the server’s', () => {
    const berlin = { choice: 'browser', name: 'Europe/Berlin' } as const;
    expect(parseZone(zoneCookieValue(berlin), 'UTC')).toEqual(berlin);
    expect(parseZone('utc', 'Europe/Paris')).toEqual({ choice: 'utc', name: 'UTC' });
    expect(parseZone('server', 'Europe/Paris')).toEqual({ choice: 'server', name: 'Europe/Paris' });
    for (const hostile of [
      undefined,
      '',
      '%',
      'browser:<script>',
      'browser:',
      'moon',
      `browser:${'a'.repeat(99)}`,
    ])
      expect(parseZone(hostile, 'Europe/Paris')).toEqual({ choice: 'browser', name: 'Europe/Paris' });
  });

  test.each([
    ['2026-01-15T12:00:00.000Z', 'Europe/Berlin', '2026-01-15T13:00'],
    ['2026-07-15T12:00:00.000Z', 'Europe/Berlin', '2026-07-15T14:00'],
    ['2026-07-15T22:30:00.000Z', 'Asia/Kolkata', '2026-07-16T04:00'],
    ['2026-03-29T01:00:00.000Z', 'Europe/Berlin', '2026-03-29T03:00'],
    ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25T02:30'],
    ['2026-11-01T09:59:00.000Z', 'America/Los_Angeles', '2026-11-01T01:59'],
    ['2026-06-01T00:00:00.000Z', 'UTC', '2026-06-01T00:00'],
  ])('%s in %s is %s on the wall, and back', (iso, zone, wall) => {
    expect(toWallClock(iso, zone)).toBe(wall);
    const back = fromWallClock(wall, zone);
    expect(toWallClock(back, zone)).toBe(wall);
    if (zone !== 'America/Los_Angeles') expect(back).toBe(iso);
  });

  test.each([
    ['2026-11-24T09:00:00Z', 'UTC', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    ['2026-11-24T23:30:00Z', 'Europe/Berlin', '2026-11-23T23:00:00.000Z', '2026-11-24T23:00:00.000Z'],
    ['2026-10-26T09:00:00Z', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ])('of %s in %s yesterday is from one midnight of the wall to the next', (now, zone, from, to) => {
    expect(yesterdayOf(Date.parse(now), zone)).toEqual({ from, to });
  });

  test('an empty or half-typed field is no time', () => {
    for (const text of ['', '2026-', 'soon']) expect(fromWallClock(text, 'UTC')).toBeNull();
    expect(toWallClock(null, 'UTC')).toBe('');
  });

  test('absolute times say their zone', () => {
    const told = (locale: string, name: string) =>
      createFormat({ locale, zone: { choice: 'browser', name }, justNow: '' }).formatAbsolute(
        '2026-11-23T17:53:51.000Z',
      );
    expect(told('en', 'UTC')).toBe('Nov 23, 2026, 17:53:51 UTC');
    expect(told('de', 'Europe/Berlin')).toBe('23. Nov. 2026, 18:53:51 MEZ');
  });
});
