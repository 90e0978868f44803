import type { AlertCondition, AlertItem } from '@gatehouse/ports';

/** What one round saw. Everything in it is bounded by who made it. */
export interface Observation {
  readonly now: number;
  /** Refusals within the last so many minutes, of one family or (null) of all. */
  refusals(windowMinutes: number, family: string | null): number;
  /** Seen for the first time since the round before. */
  readonly newReasons: readonly AlertItem[];
  readonly newNetworks: readonly AlertItem[];
  /** Errors of each authenticator within the last so many minutes. */
  errors(windowMinutes: number): Readonly<Record<string, number>>;
  drops(windowMinutes: number): number;
  /** What ends, and in how many days (negative: it has ended). */
  readonly expiries: readonly { readonly subject: string; readonly days: number }[];
}

/** How a condition stands for one subject. */
export interface Reading {
  /** Empty where a rule has one alert at a time. */
  readonly subject: string;
  readonly value: number;
  /** The threshold is met: it fires, or goes on. */
  readonly holds: boolean;
  /** Far enough below the threshold to count as over; between the two a firing alert goes on. */
  readonly calm: boolean;
  readonly items: readonly AlertItem[];
}

/** A firing alert goes on until its value is below so much of the threshold. */
const CALM_BELOW = 0.8;

const level = (value: number, threshold: number): Pick<Reading, 'value' | 'holds' | 'calm'> => ({
  value,
  holds: value >= threshold,
  calm: value < threshold * CALM_BELOW,
});

const news = (items: readonly AlertItem[]): readonly Reading[] => [
  { subject: '', value: items.length, holds: items.length > 0, calm: items.length === 0, items },
];

/** What a rule's condition comes to in this round. */
export function readingsOf(condition: AlertCondition, seen: Observation): readonly Reading[] {
  switch (condition.kind) {
    case 'refusalRate': {
      const { perMinute, windowMinutes, family } = condition;
      const value = seen.refusals(windowMinutes, family) / windowMinutes;
      return [{ subject: '', ...level(value, perMinute), items: [] }];
    }
    case 'newReason':
      return news(seen.newReasons);
    case 'newNetwork':
      return news(seen.newNetworks);
    case 'backendError':
      return Object.entries(seen.errors(condition.windowMinutes)).map(([subject, value]) => ({
        subject,
        ...level(value, condition.errors),
        items: [],
      }));
    case 'certificateExpiry':
      return seen.expiries.map(({ subject, days }) => ({
        subject,
        value: days,
        holds: days <= condition.days,
        calm: days > condition.days,
        items: [],
      }));
    case 'recorderDrops':
      return [{ subject: '', ...level(seen.drops(condition.windowMinutes), condition.drops), items: [] }];
  }
}
