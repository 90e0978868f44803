import { ALERT_LIMITS, type AlertSilence, type StoredAlert, type StoredAlertRule } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { type Advance, advance } from '../../src/alerts/advance.ts';
import type { Observation } from '../../src/alerts/readings.ts';

const START = 1_790_000_000_000;
const MINUTE = 60_000;

const rule = (more: Partial<StoredAlertRule> = {}): StoredAlertRule => ({
  id: 'r',
  version: 1,
  name: 'Storm',
  enabled: true,
  condition: { kind: 'refusalRate', perMinute: 10, windowMinutes: 1, family: null },
  channels: ['c'],
  repeatMinutes: 10,
  resolveAfterSeconds: 60,
  topic: null,
  createdAt: START,
  createdBy: 'Ada',
  updatedAt: START,
  ...more,
});

const seen = (now: number, more: Partial<Observation> = {}): Observation => ({
  now,
  refusals: () => 0,
  newReasons: [],
  newNetworks: [],
  errors: () => ({}),
  drops: () => 0,
  expiries: [],
  ...more,
});

/** Rounds one after another, each with the firing alerts of the one before. */
function world(rules: readonly StoredAlertRule[]) {
  let firing: readonly StoredAlert[] = [];
  let ids = 0;
  return (observation: Observation, silences: readonly AlertSilence[] = [], now = rules): Advance => {
    const next = advance({ rules: now, silences, firing, seen: observation, newId: () => String(++ids) });
    firing = next.firing;
    return next;
  };
}

const events = ({ notices }: Advance) => notices.map(({ event }) => event);
const rate = (perMinute: number) => ({ refusals: (minutes: number) => perMinute * minutes });

test('an alert fires at its threshold, is told once, and resolves only after the calm that its rule asks for', () => {
  const round = world([rule()]);
  expect(events(round(seen(START, rate(9.9))))).toEqual([]);
  expect(events(round(seen(START + 5_000, rate(10))))).toEqual(['firing']);
  expect(events(round(seen(START + 10_000, rate(40))))).toEqual([]);
  // A moment of calm is none yet.
  expect(events(round(seen(START + 15_000, rate(0))))).toEqual([]);
  expect(events(round(seen(START + 20_000, rate(12))))).toEqual([]);
  expect(events(round(seen(START + 79_000, rate(0))))).toEqual([]);
  const end = round(seen(START + 80_000, rate(0)));
  expect(events(end)).toEqual(['resolved']);
  expect(end.notices[0]?.alert).toMatchObject({ peak: 40, resolvedAt: START + 80_000, notifications: 2 });
  expect(end.firing).toEqual([]);
});

test('a value between the threshold and four fifths of it neither fires nor resolves', () => {
  const round = world([rule()]);
  round(seen(START, rate(10)));
  expect(round(seen(START + 5 * MINUTE, rate(8))).firing).toHaveLength(1);
  expect(round(seen(START + 5 * MINUTE + 30_000, rate(7.9))).firing).toHaveLength(1);
  expect(round(seen(START + 6 * MINUTE, rate(7.9))).firing).toHaveLength(0);
});

test('what goes on is repeated at most every so many minutes; with 0 never', () => {
  const often = world([rule()]);
  const once = world([rule({ repeatMinutes: 0 })]);
  const told: string[] = [];
  for (let at = 0; at <= 25 * MINUTE; at += 5_000) {
    told.push(...events(often(seen(START + at, rate(20)))));
    if (at > 0) expect(events(once(seen(START + at, rate(20))))).toEqual([]);
    else once(seen(START, rate(20)));
  }
  expect(told).toEqual(['firing', 'repeat', 'repeat']);
});

test('a silence keeps messages back, not the alert; what still fires afterwards is told then', () => {
  const round = world([rule()]);
  const silence = {
    id: 's',
    ruleId: 'r',
    until: START + MINUTE,
    comment: '',
    createdAt: 0,
    createdBy: 'Ada',
  };
  const quiet = round(seen(START, rate(20)), [silence]);
  expect(events(quiet)).toEqual([]);
  expect(quiet.firing[0]).toMatchObject({ silenced: true, notifiedAt: null });
  expect(quiet.changed).toHaveLength(1);
  expect(events(round(seen(START + MINUTE, rate(20)), [silence]))).toEqual(['firing']);
});

test('what began and ended within a silence is told to nobody, a silence of another rule holds nothing back', () => {
  const round = world([rule({ resolveAfterSeconds: 5 })]);
  const all = { id: 's', ruleId: null, until: START + MINUTE, comment: '', createdAt: 0, createdBy: 'Ada' };
  round(seen(START, rate(20)), [all]);
  const end = round(seen(START + 5_000, rate(0)), [all]);
  expect(events(end)).toEqual([]);
  expect(end.changed[0]?.resolvedAt).toBe(START + 5_000);
  expect(events(round(seen(START + 10_000, rate(20)), [{ ...all, ruleId: 'other' }]))).toEqual(['firing']);
});

test('new networks of a scan are one alert that counts them all and names the first, not a flood of messages', () => {
  const round = world([rule({ condition: { kind: 'newNetwork' } })]);
  const networks = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({ value: `10.0.${from + at}.0/24`, clientId: `c${at}` }));
  expect(events(round(seen(START, { newNetworks: networks(0, 15) })))).toEqual(['firing']);
  const next = round(seen(START + 5_000, { newNetworks: networks(15, 100) }));
  expect(events(next)).toEqual([]);
  expect(next.firing[0]).toMatchObject({ itemsTotal: 115, value: 115 });
  expect(next.firing[0]?.items).toHaveLength(ALERT_LIMITS.itemsMax);
  expect(round(seen(START + 65_000)).firing).toEqual([]);
});

test('each authenticator has its own alert, and each certificate that ends', () => {
  const backend = rule({ condition: { kind: 'backendError', errors: 3, windowMinutes: 5 } });
  const expiry = rule({ id: 'x', condition: { kind: 'certificateExpiry', days: 14 } });
  const { firing } = world([backend, expiry])(
    seen(START, {
      errors: () => ({ ldap: 3, mysql: 2, http: 9 }),
      expiries: [
        { subject: 'tls', days: 13.5 },
        { subject: 'wss', days: 14.5 },
      ],
    }),
  );
  expect(firing.map(({ subject }) => subject)).toEqual(['ldap', 'http', 'tls']);
});

test('a rule that is switched off or deleted ends what it fires, and tells nobody', () => {
  const round = world([rule()]);
  round(seen(START, rate(20)));
  const end = round(seen(START + 5_000, rate(20)), [], [rule({ enabled: false })]);
  expect(events(end)).toEqual([]);
  expect(end.changed[0]?.resolvedAt).toBe(START + 5_000);
});

test('no more alerts fire at once than the bound', () => {
  const many = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`a${at}`, 9]));
  const round = world([rule({ condition: { kind: 'backendError', errors: 1, windowMinutes: 1 } })]);
  expect(round(seen(START, { errors: () => many })).firing).toHaveLength(ALERT_LIMITS.firingMax);
  expect(round(seen(START + 5_000, { errors: () => many })).firing).toHaveLength(ALERT_LIMITS.firingMax);
});
