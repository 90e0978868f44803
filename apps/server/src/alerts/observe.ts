import type {
  BrokerStats,
  CertificateAuthority,
  ListenerCertificates,
  SeriesPoint,
  Store,
} from '@gatehouse/ports';
import type { Sightings } from './seen.ts';
import type { Observation } from './readings.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The longest window of a rule. */
const WINDOW_MS_MAX = 60 * MINUTE_MS;
/** Certificates are files: they are read so often. */
const CERTIFICATES_MS = 60_000;
/** Points of counters that are kept: of an hour, one a round. */
const POINTS_MAX = 720;

interface Point {
  readonly at: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly drops: number;
}

export interface ObserverOptions {
  readonly store: { readonly series: Pick<Store['series'], 'range'> };
  readonly stats: () => Promise<BrokerStats>;
  readonly certificates: Pick<CertificateAuthority, 'listeners' | 'current'>;
}

/** Gathers what the rules are asked about; counters of the data plane begin anew with it. */
export function createObserver({ store, stats, certificates }: ObserverOptions) {
  const points: Point[] = [];
  let expiries: Observation['expiries'] = [];
  let expiriesAt = -Infinity;
  return async (now: number, { news }: Pick<Sightings, 'news'>): Promise<Observation> => {
    const [current, series] = await Promise.all([stats(), store.series.range(now - WINDOW_MS_MAX, now + 1)]);
    points.push(pointOf(current, now));
    if (points.length > POINTS_MAX) points.shift();
    if (now - expiriesAt >= CERTIFICATES_MS) {
      expiries = await expiriesOf(certificates, now);
      expiriesAt = now;
    }
    return {
      now,
      refusals: (minutes, family) => refusalsIn(series, now - minutes * MINUTE_MS, family),
      newReasons: news.reason,
      newNetworks: news.network,
      errors: (minutes) => {
        const within = points.filter(({ at }) => at >= now - minutes * MINUTE_MS);
        const names = Object.keys(points.at(-1)?.errors ?? {});
        return Object.fromEntries(
          names.map((name) => [name, increase(within.map(({ errors }) => errors[name] ?? 0))]),
        );
      },
      drops: (minutes) =>
        increase(points.filter(({ at }) => at >= now - minutes * MINUTE_MS).map(({ drops }) => drops)),
      expiries,
    };
  };
}

const pointOf = ({ auth, recorder }: BrokerStats, at: number): Point => ({
  at,
  errors: Object.fromEntries(auth.authenticators.map(({ name, error }) => [name, error])),
  drops: recorder.dropped,
});

/** What a counter grew by; one that went back began anew. */
function increase(values: readonly number[]): number {
  let sum = 0;
  for (const [at, value] of values.entries()) {
    const before = values[at - 1];
    if (before !== undefined) sum += value < before ? value : value - before;
  }
  return sum;
}

const refusalsIn = (series: readonly SeriesPoint[], from: number, family: string | null): number => {
  const name = family === null ? 'refused' : `refused.${family}`;
  return series.reduce((sum, { at, values }) => (at >= from ? sum + (values[name] ?? 0) : sum), 0);
};

/** What of the listeners' own and of the private CA ends, and when. */
async function expiriesOf(
  certificates: ObserverOptions['certificates'],
  now: number,
): Promise<Observation['expiries']> {
  const [listeners, own] = await Promise.all([certificates.listeners(), certificates.current()]);
  const daysTo = (iso: string): number => (Date.parse(iso) - now) / DAY_MS;
  const found = listeners.flatMap((one) => ofListener(one, daysTo));
  if (own !== null)
    found.push({ subject: 'certificate of the private CA', days: daysTo(own.summary.notAfter) });
  return found;
}

function ofListener(
  { listener, certificate, clients }: ListenerCertificates,
  daysTo: (iso: string) => number,
): { readonly subject: string; readonly days: number }[] {
  const found: { readonly subject: string; readonly days: number }[] = [];
  if (certificate !== null)
    found.push({ subject: `certificate of the listener ${listener}`, days: daysTo(certificate.notAfter) });
  const ends = (clients?.authorities ?? []).map(({ notAfter }) => daysTo(notAfter));
  if (ends.length > 0)
    found.push({ subject: `client CA of the listener ${listener}`, days: Math.min(...ends) });
  const nextUpdate = clients?.crl?.nextUpdate;
  if (nextUpdate !== null && nextUpdate !== undefined)
    found.push({ subject: `revocation list of the listener ${listener}`, days: daysTo(nextUpdate) });
  return found;
}
