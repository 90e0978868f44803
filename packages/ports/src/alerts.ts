import type { Family } from '@gatehouse/auth-core';
import type { Page, PageRequest } from './common.ts';

/** Bounds of alerts, each with its unit. */
export const ALERT_LIMITS = {
  rulesMax: 100,
  channelsMax: 20,
  silencesMax: 100,
  /** Alerts kept, firing ones included; the oldest that are over go first. */
  historyMax: 10_000,
  /** Alerts that fire at once; more wait until one of them is over. */
  firingMax: 500,
  /** Messages that wait to be delivered; more are counted as dropped at their channel. */
  queueMax: 1_000,
  /** Reasons, networks or clients named in one alert; the others are counted. */
  itemsMax: 20,
  /** Reasons and networks that are remembered; those not seen for longest are forgotten. */
  seenMax: 20_000,
  /** Longest message to a channel, bytes. */
  payloadBytesMax: 16_384,
  /** A delivery is given up after so many attempts: about a day. */
  deliveryAttemptsMax: 12,
  deliveryMs: 5_000,
} as const;

export const ALERT_KINDS = [
  'refusalRate',
  'newReason',
  'newNetwork',
  'backendError',
  'certificateExpiry',
  'recorderDrops',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What a rule watches for. */
export type AlertCondition =
  /** Refusals per minute over the window, of one family or (null) of all. */
  | {
      readonly kind: 'refusalRate';
      readonly perMinute: number;
      readonly windowMinutes: number;
      readonly family: Family | null;
    }
  /** A reason that was never seen before. */
  | { readonly kind: 'newReason' }
  /** Refusals from a /24 or /64 that was never seen before. */
  | { readonly kind: 'newNetwork' }
  /** Errors of one authenticator's backend within the window. */
  | { readonly kind: 'backendError'; readonly errors: number; readonly windowMinutes: number }
  /** A listener's certificate, its CA or revocation list ends within so many days. */
  | { readonly kind: 'certificateExpiry'; readonly days: number }
  /** Refused attempts within the window that the recorder had no room for. */
  | { readonly kind: 'recorderDrops'; readonly drops: number; readonly windowMinutes: number };

export interface StoredAlertRule {
  readonly id: string;
  /** Raised by every change. */
  readonly version: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly condition: AlertCondition;
  /** Ids of the channels that are told. */
  readonly channels: readonly string[];
  /** Minutes between two messages while it goes on; 0: it is told once. */
  readonly repeatMinutes: number;
  /** Seconds without the condition after which it is over. */
  readonly resolveAfterSeconds: number;
  /** Below `$SYS/gatehouse/alerts/`; null: the rule's id. */
  readonly topic: string | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
}
export type AlertRuleWrite = Omit<StoredAlertRule, 'id' | 'version' | 'createdAt' | 'updatedAt'>;

/** Where messages go, without what is secret. */
export type AlertTarget =
  | { readonly kind: 'webhook'; readonly origin: string }
  | {
      readonly kind: 'email';
      readonly host: string;
      readonly port: number;
      readonly security: 'starttls' | 'tls' | 'none';
      readonly username: string;
      readonly from: string;
      readonly to: readonly string[];
      /** PEM of the CA that signed the server's certificate; empty: the public ones. */
      readonly ca: string;
    }
  | { readonly kind: 'mqtt'; readonly retain: boolean };

/** How deliveries to a channel went. Times are milliseconds since the epoch. */
export interface ChannelHealth {
  readonly lastDeliveredAt: number | null;
  readonly lastFailedAt: number | null;
  /** Why, without anything secret; null: nothing failed yet. */
  readonly lastFailure: string | null;
  /** Failures since the last success. */
  readonly failuresInARow: number;
  readonly delivered: number;
  /** Messages that were given up. */
  readonly gaveUp: number;
  /** Messages that found no room in the queue. */
  readonly dropped: number;
}

export interface StoredAlertChannel {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly target: AlertTarget;
  /** Secrets as sealed JSON; null: it has none. */
  readonly sealed: string | null;
  readonly health: ChannelHealth;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
}
export type AlertChannelWrite = Pick<
  StoredAlertChannel,
  'id' | 'name' | 'enabled' | 'target' | 'sealed' | 'createdBy'
>;

/** Nobody is told while it lasts; what fires is kept all the same. */
export interface AlertSilence {
  readonly id: string;
  /** Null: all rules. */
  readonly ruleId: string | null;
  readonly until: number;
  readonly comment: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** Something that an alert is about: a reason, a network, an authenticator; with a client that showed it. */
export interface AlertItem {
  readonly value: string;
  /** As the client wrote it: hostile text. */
  readonly clientId: string | null;
}

/** One alert from its beginning to its end. */
export interface StoredAlert {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly condition: AlertCondition;
  /** Which authenticator or listener; empty where a rule has one alert at a time. */
  readonly subject: string;
  readonly firedAt: number;
  /** When the condition held last. */
  readonly lastAt: number;
  readonly resolvedAt: number | null;
  readonly value: number;
  readonly peak: number;
  readonly items: readonly AlertItem[];
  readonly itemsTotal: number;
  /** When somebody was told last; null: nobody yet. */
  readonly notifiedAt: number | null;
  readonly notifications: number;
  /** Kept back by a silence at least once. */
  readonly silenced: boolean;
}

export interface AlertFilter {
  readonly firing?: boolean;
  readonly ruleId?: string;
  readonly kind?: AlertKind;
}

export const ALERT_EVENTS = ['firing', 'repeat', 'resolved', 'test'] as const;
export type AlertEvent = (typeof ALERT_EVENTS)[number];

/** A message that waits for its channel. */
export interface AlertDelivery {
  readonly id: string;
  readonly channelId: string;
  readonly event: AlertEvent;
  /** The message as JSON. */
  readonly message: string;
  readonly attempts: number;
  readonly nextAt: number;
  readonly createdAt: number;
}

export interface SeenEntry {
  readonly kind: 'reason' | 'network';
  readonly value: string;
  /** The latest sighting that is written down. */
  readonly at: number;
  /** The first one; 0: before this was kept. Counts when the entry is new. */
  readonly firstAt: number;
}

type Guarded<T, K extends string> =
  | ({ readonly result: 'ok' } & Readonly<Record<K, T>>)
  | { readonly result: 'not-found' }
  | { readonly result: 'version-mismatch'; readonly current: T };
type Made<T, K extends string> =
  ({ readonly result: 'ok' } & Readonly<Record<K, T>>) | { readonly result: 'full'; readonly max: number };

/** Rules, channels and silences: what people set. */
export interface AlertSetupRepository {
  rules(): Promise<readonly StoredAlertRule[]>;
  rule(id: string): Promise<StoredAlertRule | null>;
  createRule(write: AlertRuleWrite, now: number): Promise<Made<StoredAlertRule, 'rule'>>;
  /** `ifVersion` guards against a lost update; undefined writes regardless. */
  updateRule(
    id: string,
    write: Omit<AlertRuleWrite, 'createdBy'>,
    ifVersion: number | undefined,
    now: number,
  ): Promise<Guarded<StoredAlertRule, 'rule'>>;
  removeRule(id: string): Promise<StoredAlertRule | null>;
  channels(): Promise<readonly StoredAlertChannel[]>;
  channel(id: string): Promise<StoredAlertChannel | null>;
  createChannel(write: AlertChannelWrite, now: number): Promise<Made<StoredAlertChannel, 'channel'>>;
  updateChannel(
    id: string,
    write: Omit<AlertChannelWrite, 'id' | 'createdBy'>,
    ifVersion: number | undefined,
    now: number,
  ): Promise<Guarded<StoredAlertChannel, 'channel'>>;
  /** What waits for it goes with it. */
  removeChannel(id: string): Promise<StoredAlertChannel | null>;
  noteHealth(id: string, health: ChannelHealth): Promise<void>;
  /** Those that last still. */
  silences(now: number): Promise<readonly AlertSilence[]>;
  createSilence(write: Omit<AlertSilence, 'id'>): Promise<Made<AlertSilence, 'silence'>>;
  removeSilence(id: string): Promise<AlertSilence | null>;
}

/** What fired, what waits to be told, and what was seen before. */
export interface AlertRepository {
  page(filter: AlertFilter, request: PageRequest<'firedAt'>): Promise<Page<StoredAlert>>;
  /** At most `ALERT_LIMITS.firingMax`. */
  firing(): Promise<readonly StoredAlert[]>;
  put(alerts: readonly StoredAlert[]): Promise<void>;
  /** Puts messages into the queue; returns those that found no room. */
  enqueue(deliveries: readonly AlertDelivery[]): Promise<readonly AlertDelivery[]>;
  /** Those whose time has come, the longest due first. */
  due(now: number, limit: number): Promise<readonly AlertDelivery[]>;
  postpone(id: string, attempts: number, nextAt: number): Promise<void>;
  settle(id: string): Promise<void>;
  /** Messages that wait, by channel. */
  waiting(): Promise<Readonly<Record<string, number>>>;
  seen(kind: SeenEntry['kind']): Promise<readonly string[]>;
  /** What was seen for the first time within a range, newest first. */
  firstSeen(
    kind: SeenEntry['kind'],
    range: { readonly from: number; readonly to: number },
    limit: number,
  ): Promise<readonly { readonly value: string; readonly firstAt: number }[]>;
  /** Adds and renews; forgets the oldest beyond `ALERT_LIMITS.seenMax`. */
  remember(entries: readonly SeenEntry[]): Promise<void>;
  /** Removes the oldest alerts beyond `historyMax` and silences that are over; returns how many. */
  sweep(now: number): Promise<number>;
}

/** How a message to a channel went; `failure` is safe to show. */
export type SendOutcome = { readonly ok: true } | { readonly ok: false; readonly failure: string };

/** Sends a message to a channel now; never rejects. */
export interface AlertTester {
  test(channel: StoredAlertChannel): Promise<SendOutcome>;
}
