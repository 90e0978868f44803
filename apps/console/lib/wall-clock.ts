const DAY_MS = 86_400_000;
/** As a `datetime-local` field writes it, complete. */
const WALL_CLOCK = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;
const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** How far the wall clock of a zone is ahead of UTC at that time, in ms. */
function offsetMs(time: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time);
  const [year, month, day, hour, minute, second] = PARTS.map((type) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0),
  );
  const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  return wall - Math.floor(time / 1_000) * 1_000;
}

/** ISO time as a `datetime-local` field writes it, on the zone's wall clock; null: empty. */
export const toWallClock = (iso: string | null, zone: string): string => {
  if (iso === null) return '';
  const time = Date.parse(iso);
  return new Date(time + offsetMs(time, zone)).toISOString().slice(0, 16);
};

/**
 * The time that a `datetime-local` field means on the zone's wall clock, in ISO 8601; null when it is empty or none.
 * An hour that a change of clocks skips counts on from before it; of one that comes twice, the first is meant.
 */
export const fromWallClock = (text: string, zone: string): string | null => {
  const wall = Date.parse(`${text}Z`);
  if (!WALL_CLOCK.test(text) || Number.isNaN(wall)) return null;
  const before = offsetMs(wall - DAY_MS, zone);
  const guess = wall - before;
  const offset = offsetMs(guess, zone);
  const settled = wall - offset;
  return new Date(offsetMs(settled, zone) === offset ? settled : guess).toISOString();
};

/** The day before today on the zone's wall clock: its midnight and the next, in ISO 8601. */
export const yesterdayOf = (now: number, zone: string): { readonly from: string; readonly to: string } => {
  const today = toWallClock(new Date(now).toISOString(), zone).slice(0, 10);
  const before = new Date(Date.parse(today) - DAY_MS).toISOString().slice(0, 10);
  const midnight = (day: string): string => fromWallClock(`${day}T00:00`, zone) ?? `${day}T00:00:00.000Z`;
  return { from: midnight(before), to: midnight(today) };
};
