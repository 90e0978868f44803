import type { Zone } from './zone';

interface FormatOptions {
  /** BCP 47. */
  readonly locale: string;
  readonly zone: Zone;
  /** The word for what happened this moment. */
  readonly justNow: string;
}

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Nearer than this is "now": clocks and steps differ by as much. */
const NOW_SECONDS = 5;
/** From here on counts are shortened: "12.3K". */
const COMPACT_FROM = 10_000;
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** How short times ago are told: German's shortest form of minutes is that of metres ("vor 24 m"). */
const relativeStyle = (locale: string): 'narrow' | 'short' => (locale.startsWith('de') ? 'short' : 'narrow');

/** Numbers, times and sizes as a language and a time zone write them; components get it from `useFormat`. */
export function createFormat({ locale, zone, justNow }: FormatOptions) {
  const number = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' });
  const signedPercent = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: relativeStyle(locale) });
  const fixed = [0, 1, 2].map(
    (digits) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        useGrouping: false,
      }),
  );
  const decimals = (value: number, digits: 0 | 1 | 2): string =>
    fixed[digits]?.format(value) ?? value.toFixed(digits);
  const times = createTimes(locale, zone.name);
  return {
    ...times,
    formatNumber: (value: number): string => number.format(value),
    formatCompact: (value: number): string =>
      Math.abs(value) < COMPACT_FROM ? number.format(value) : compact.format(value),
    formatRatio: (ratio: number): string => percent.format(ratio),
    /** "+12", "−3": a change. */
    formatSigned: (change: number): string => signed.format(change),
    formatSignedRatio: (change: number): string => signedPercent.format(change),
    /** "12s ago", "in 3d"; one unit, the largest that fits. */
    formatRelative: (iso: string, now: number): string => {
      const seconds = Math.round((new Date(iso).getTime() - now) / 1_000);
      if (Math.abs(seconds) <= NOW_SECONDS) return justNow;
      const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
      return relative.format(Math.trunc(seconds / size), unit);
    },
    /** "1.4 s", "0.31 ms". */
    formatMs: (ms: number): string =>
      ms >= 1_000 ? `${decimals(ms / 1_000, 1)} s` : `${decimals(ms, ms >= 100 ? 0 : ms >= 1 ? 1 : 2)} ms`,
    /** Decimal units: "14.2 MB". */
    formatBytes: (bytes: number): string => {
      let value = bytes;
      let unit = 0;
      while (value >= 1_000 && unit < BYTE_UNITS.length - 1) {
        value /= 1_000;
        unit += 1;
      }
      return `${unit === 0 ? String(value) : decimals(value, 1)} ${BYTE_UNITS[unit] ?? 'B'}`;
    },
  };
}

export type Format = ReturnType<typeof createFormat>;

function createTimes(locale: string, timeZone: string) {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  const absolute = new Intl.DateTimeFormat(locale, {
    ...clock,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    second: '2-digit',
    timeZoneName: 'short',
  });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  const second = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit' });
  const minute = new Intl.DateTimeFormat(locale, clock);
  const dayMinute = new Intl.DateTimeFormat(locale, { ...clock, month: 'short', day: 'numeric' });
  return {
    /** To the second, with the zone's name: "Nov 23, 2026, 17:53:51 UTC". */
    formatAbsolute: (iso: string): string => absolute.format(new Date(iso)),
    /** The day alone: for ends that lie far off. */
    formatDay: (iso: string): string => day.format(new Date(iso)),
    /** "17:53:51": a clock's time. */
    formatClock: (time: number): string => second.format(time),
    formatMinute: (time: number): string => minute.format(time),
    formatDayMinute: (time: number): string => dayMinute.format(time),
  };
}
