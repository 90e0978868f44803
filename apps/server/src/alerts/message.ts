import { REASONS } from '@gatehouse/auth-core/reasons';
import { rowsOf } from '@gatehouse/api';
import {
  ALERT_LIMITS,
  type AlertEvent,
  type AlertKind,
  type StoredAlert,
  type StoredAlertRule,
} from '@gatehouse/ports';

/** Version of the message's form; raised when a reader would have to change. */
const FORM = 1;
const CLIENT_ID_CHARACTERS_MAX = 128;
const DAY_WORDS = (days: number): string => `${Math.floor(days)} ${Math.floor(days) === 1 ? 'day' : 'days'}`;

/** What channels are told, as JSON: the body of a webhook and the payload of an MQTT message. */
export interface AlertMessageBody {
  readonly version: number;
  readonly event: AlertEvent;
  /** Of the alert; the same in each of its messages. */
  readonly id: string;
  readonly at: string;
  readonly summary: string;
  readonly rule: { readonly id: string; readonly name: string; readonly kind: string };
  readonly subject: string;
  readonly value: number;
  readonly peak: number;
  readonly items: readonly { readonly value: string; readonly clientId: string | null }[];
  readonly itemsTotal: number;
  readonly firedAt: string;
  readonly resolvedAt: string | null;
  /** The page of the console with what is behind it; null: the console's address is not known. */
  readonly link: string | null;
  readonly node: string;
  /** Where the MQTT channel publishes it, below `$SYS/gatehouse/alerts/`. */
  readonly topic: string;
}

/** Where a message comes from. */
export interface MessageSource {
  readonly node: string;
  /** `https://console.example` or undefined. */
  readonly consoleOrigin: string | undefined;
}

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

const titleOf = (code: string): string =>
  Object.hasOwn(REASONS, code) ? REASONS[code as keyof typeof REASONS].title : code;

/** What happened in one sentence, of our own words and of values that no client chose. */
function summaryOf({ condition, subject, value, peak, items, itemsTotal }: StoredAlert): string {
  const named = items.slice(0, 3).map((item) => item.value);
  const others = itemsTotal > named.length ? ` and ${itemsTotal - named.length} more` : '';
  switch (condition.kind) {
    case 'refusalRate': {
      const what = condition.family === null ? '' : ` of the family ${condition.family}`;
      return `${rounded(value)} refusals per minute${what} (threshold ${condition.perMinute}, most ${rounded(peak)})`;
    }
    case 'newReason':
      return `Refused for the first time: ${named.map(titleOf).join(', ')}${others}`;
    case 'newNetwork':
      return `Refused from a network for the first time: ${named.join(', ')}${others}`;
    case 'backendError':
      return `${rounded(value)} errors of the authenticator ${subject} in ${condition.windowMinutes} min`;
    case 'certificateExpiry':
      return value < 0 ? `${subject} has ended` : `${subject} ends in ${DAY_WORDS(value)}`;
    case 'recorderDrops':
      return `${rounded(value)} refused attempts were not recorded in ${condition.windowMinutes} min`;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

function linkOf(alert: StoredAlert, origin: string | undefined): string | null {
  if (origin === undefined) return null;
  const rows = rowsOf(alert);
  if (rows !== null) return `${origin}/unauthorized?${new URLSearchParams(rows).toString()}`;
  return origin + PAGES[alert.condition.kind];
}

/** Where what is behind an alert is looked after, when it is no refused client. */
const PAGES: Readonly<Record<AlertKind, string>> = {
  refusalRate: '/unauthorized',
  newReason: '/unauthorized',
  newNetwork: '/unauthorized',
  backendError: '/authentication',
  certificateExpiry: '/certificates',
  recorderDrops: '/',
};

/** The message of an event, within `payloadBytesMax`: what does not fit is left out, never cut in the middle. */
export function messageOf(
  event: AlertEvent,
  alert: StoredAlert,
  rule: Pick<StoredAlertRule, 'id' | 'name' | 'topic'>,
  now: number,
  { node, consoleOrigin }: MessageSource,
): string {
  const body = (itemsMax: number): AlertMessageBody => ({
    version: FORM,
    event,
    id: alert.id,
    at: iso(now),
    summary: summaryOf(alert),
    rule: { id: rule.id, name: rule.name, kind: alert.condition.kind },
    subject: alert.subject,
    value: alert.value,
    peak: alert.peak,
    items: alert.items.slice(0, itemsMax).map(({ value, clientId }) => ({
      value,
      clientId: clientId === null ? null : clientId.slice(0, CLIENT_ID_CHARACTERS_MAX),
    })),
    itemsTotal: alert.itemsTotal,
    firedAt: iso(alert.firedAt),
    resolvedAt: alert.resolvedAt === null ? null : iso(alert.resolvedAt),
    link: linkOf(alert, consoleOrigin),
    node,
    topic: rule.topic ?? rule.id,
  });
  const whole = JSON.stringify(body(ALERT_LIMITS.itemsMax));
  return Buffer.byteLength(whole) <= ALERT_LIMITS.payloadBytesMax ? whole : JSON.stringify(body(0));
}

/** What a channel is sent when somebody tries it. */
export const testMessage = (now: number, id: string, source: MessageSource): string =>
  messageOf(
    'test',
    {
      id,
      ruleId: 'test',
      ruleName: 'Test',
      condition: { kind: 'refusalRate', perMinute: 10, windowMinutes: 1, family: null },
      subject: '',
      firedAt: now,
      lastAt: now,
      resolvedAt: null,
      value: 0,
      peak: 0,
      items: [],
      itemsTotal: 0,
      notifiedAt: null,
      notifications: 0,
      silenced: false,
    },
    { id: 'test', name: 'Test', topic: 'test' },
    now,
    source,
  );
