import type { BrokerStats, CertificateSummary, ListenerCertificates, SeriesPoint } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { createObserver, type ObserverOptions } from '../../src/alerts/observe.ts';
import { RecordingDataPlane } from '../api/support/recording-data-plane.ts';

const START = 1_790_000_000_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
const { current: STATS } = new RecordingDataPlane();

/** Counters of the data plane as they stand: errors of each authenticator, and drops of the recorder. */
const counters = (errors: Readonly<Record<string, number>>, dropped = 0): BrokerStats => ({
  ...STATS,
  recorder: { ...STATS.recorder, dropped },
  auth: {
    ...STATS.auth,
    authenticators: Object.entries(errors).flatMap(([name, error]) =>
      STATS.auth.authenticators.slice(0, 1).map((one) => ({ ...one, name, error })),
    ),
  },
});

/** An observer over what a test sets. */
function world() {
  const state = {
    stats: STATS,
    series: [] as SeriesPoint[],
    listeners: [] as ListenerCertificates[],
    own: null as Awaited<ReturnType<ObserverOptions['certificates']['current']>>,
    read: 0,
  };
  const observe = createObserver({
    store: {
      series: {
        range: (from, to) => Promise.resolve(state.series.filter(({ at }) => at >= from && at < to)),
      },
    },
    stats: () => Promise.resolve(state.stats),
    certificates: {
      listeners: () => {
        state.read += 1;
        return Promise.resolve(state.listeners);
      },
      current: () => Promise.resolve(state.own),
    },
  });
  const nothingNew = { news: { reason: [], network: [] } };
  return { state, observe: (now: number) => observe(now, nothingNew) };
}

test('refusals are those of the window, of one family or of all', async () => {
  const { state, observe } = world();
  const at = (minutesAgo: number, values: Readonly<Record<string, number>>) =>
    state.series.push({ at: START - minutesAgo * MINUTE, node: 'gate-1', values });
  at(61, { refused: 1_000 });
  at(5, { refused: 7, 'refused.basic': 5, 'refused.jwt': 2 });
  at(4, { refused: 3, 'refused.basic': 3 });
  at(0, { refused: 1, 'refused.jwt': 1 });
  const seen = await observe(START);
  expect([seen.refusals(4, null), seen.refusals(5, null), seen.refusals(60, null)]).toEqual([4, 11, 11]);
  expect([seen.refusals(5, 'basic'), seen.refusals(5, 'jwt'), seen.refusals(5, 'x509')]).toEqual([8, 3, 0]);
});

test('errors and drops are what their counters grew by, each authenticator by itself', async () => {
  const { state, observe } = world();
  state.stats = counters({ http: 100, ldap: 4 }, 50);
  expect((await observe(START)).errors(5)).toEqual({ http: 0, ldap: 0 });
  state.stats = counters({ http: 103, ldap: 4 }, 51);
  const seen = await observe(START + 5_000);
  expect([seen.errors(5), seen.drops(5)]).toEqual([{ http: 3, ldap: 0 }, 1]);
});

test('what is older than the window does not count', async () => {
  const { state, observe } = world();
  state.stats = counters({ http: 0 });
  await observe(START);
  state.stats = counters({ http: 9 }, 9);
  await observe(START + MINUTE);
  state.stats = counters({ http: 10 }, 9);
  const seen = await observe(START + 3 * MINUTE);
  expect([seen.errors(3), seen.errors(2), seen.errors(1)]).toEqual([{ http: 10 }, { http: 1 }, { http: 0 }]);
  expect([seen.drops(3), seen.drops(2)]).toEqual([9, 0]);
});

test('counters that began anew with the data plane count from there', async () => {
  const { state, observe } = world();
  state.stats = counters({ http: 500 }, 70);
  await observe(START);
  state.stats = counters({ http: 2 }, 1);
  const seen = await observe(START + 5_000);
  expect([seen.errors(5), seen.drops(5)]).toEqual([{ http: 2 }, 1]);
});

const summary = (days: number): CertificateSummary => ({
  subject: 'CN=localhost',
  issuer: 'CN=Own CA',
  fingerprint: 'ab',
  serial: '01',
  notBefore: new Date(START - DAY).toISOString(),
  notAfter: new Date(START + days * DAY).toISOString(),
  names: [],
});

test('what ends is told in days: certificates, the first of the client CAs to end, revocation lists, the private CA', async () => {
  const { state, observe } = world();
  const crl = {
    file: 'clients.crl',
    entries: 0,
    nextUpdate: new Date(START + 2 * DAY).toISOString(),
    expired: false,
  };
  const clients = {
    required: true,
    reject: 'connack',
    caFile: 'ca.pem',
    managed: false,
    trustsOwnCa: false,
    authorities: [summary(400), summary(-1)],
    authoritiesCount: 2,
    crl,
    problem: null,
  } as const;
  const listener = { certFile: 'server.crt', problem: null, takesPreSharedKeys: false } as const;
  state.listeners = [
    { ...listener, listener: 'tls', certificate: { ...summary(30), selfMade: true }, clients },
    { ...listener, listener: 'wss', certificate: null, problem: 'unreadable', clients: null },
  ];
  state.own = { certificate: '', summary: summary(3_650), crl: '', list: crl };
  expect((await observe(START)).expiries).toEqual([
    { subject: 'certificate of the listener tls', days: 30 },
    { subject: 'client CA of the listener tls', days: -1 },
    { subject: 'revocation list of the listener tls', days: 2 },
    { subject: 'certificate of the private CA', days: 3_650 },
  ]);
});

test('the files of certificates are read once a minute, not in every round', async () => {
  const { state, observe } = world();
  for (let at = START; at <= START + MINUTE; at += 5_000) await observe(at);
  expect(state.read).toBe(2);
});
