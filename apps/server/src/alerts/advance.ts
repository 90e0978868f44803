import {
  ALERT_LIMITS,
  type AlertEvent,
  type AlertItem,
  type AlertSilence,
  type StoredAlert,
  type StoredAlertRule,
} from '@gatehouse/ports';
import { type Observation, type Reading, readingsOf } from './readings.ts';

/** What people set, what fires, and what was seen: all that a round goes by. */
export interface Round {
  readonly rules: readonly StoredAlertRule[];
  readonly silences: readonly AlertSilence[];
  readonly firing: readonly StoredAlert[];
  readonly seen: Observation;
  readonly newId: () => string;
}

/** Something to tell the channels of a rule. */
export interface Notice {
  readonly event: Exclude<AlertEvent, 'test'>;
  readonly alert: StoredAlert;
  readonly rule: StoredAlertRule;
}

/** What a round changes: alerts to be written, and what is to be told. */
export interface Advance {
  readonly changed: readonly StoredAlert[];
  readonly firing: readonly StoredAlert[];
  readonly notices: readonly Notice[];
}

const MINUTE_MS = 60_000;
/** An alert that goes on is written anew when its last sighting has moved by so much. */
const TOUCH_MS = 30_000;

/** One round of all rules. Pure: the same round comes to the same. */
export function advance(round: Round): Advance {
  const { now } = round.seen;
  const byKey = new Map(round.firing.map((alert) => [keyOf(alert.ruleId, alert.subject), alert]));
  const after: StoredAlert[] = [];
  const notices: Notice[] = [];
  const enabled = new Map(round.rules.filter((rule) => rule.enabled).map((rule) => [rule.id, rule]));
  const settle = (alert: StoredAlert, rule: StoredAlertRule): void => {
    const { told, event } = tell(alert, rule, round.silences, now);
    after.push(told);
    if (event !== undefined) notices.push({ event, alert: told, rule });
  };
  for (const rule of enabled.values()) {
    for (const reading of readingsOf(rule.condition, round.seen)) {
      const key = keyOf(rule.id, reading.subject);
      const alert = byKey.get(key);
      byKey.delete(key);
      if (alert !== undefined) settle(goOn(alert, reading, rule, now), rule);
      else if (reading.holds && after.length + byKey.size < ALERT_LIMITS.firingMax) {
        settle(begin(reading, rule, now, round.newId), rule);
      }
    }
  }
  // Nothing reads on these: their rule is gone or off, or their subject is.
  for (const alert of byKey.values()) {
    const over = { ...alert, resolvedAt: now };
    const rule = enabled.get(alert.ruleId);
    if (rule === undefined) after.push(over);
    else settle(over, rule);
  }
  const before = new Map(round.firing.map((alert) => [alert.id, alert]));
  return {
    changed: after.filter((alert) => isWorthWriting(before.get(alert.id), alert)),
    firing: after.filter(({ resolvedAt }) => resolvedAt === null),
    notices,
  };
}

const keyOf = (ruleId: string, subject: string): string => JSON.stringify([ruleId, subject]);

const begin = (reading: Reading, rule: StoredAlertRule, now: number, newId: () => string): StoredAlert => ({
  id: newId(),
  ruleId: rule.id,
  ruleName: rule.name,
  condition: rule.condition,
  subject: reading.subject,
  firedAt: now,
  lastAt: now,
  resolvedAt: null,
  value: reading.value,
  peak: reading.value,
  items: reading.items.slice(0, ALERT_LIMITS.itemsMax),
  itemsTotal: reading.items.length,
  notifiedAt: null,
  notifications: 0,
  silenced: false,
});

/** It goes on, or is over once it has been calm for as long as the rule says. */
function goOn(alert: StoredAlert, reading: Reading, rule: StoredAlertRule, now: number): StoredAlert {
  if (reading.calm) {
    const isOver = now - alert.lastAt >= rule.resolveAfterSeconds * 1_000;
    return { ...alert, resolvedAt: isOver ? now : null };
  }
  const isNews = reading.items.length > 0;
  const value = isNews ? alert.value + reading.value : reading.value;
  // Of certificates less is worse.
  const worse = rule.condition.kind === 'certificateExpiry' ? Math.min : Math.max;
  return {
    ...alert,
    lastAt: now,
    value,
    peak: worse(alert.peak, value),
    items: joined(alert.items, reading.items),
    itemsTotal: alert.itemsTotal + reading.items.length,
  };
}

const joined = (old: readonly AlertItem[], more: readonly AlertItem[]): readonly AlertItem[] =>
  more.length === 0 ? old : [...old, ...more].slice(0, ALERT_LIMITS.itemsMax);

const isSilenced = (silences: readonly AlertSilence[], ruleId: string, now: number): boolean =>
  silences.some((silence) => silence.until > now && (silence.ruleId === null || silence.ruleId === ruleId));

/** Whether somebody is to be told now, and of what. An end is told to those who were told of the beginning. */
function tell(
  alert: StoredAlert,
  rule: StoredAlertRule,
  silences: readonly AlertSilence[],
  now: number,
): { readonly told: StoredAlert; readonly event: Notice['event'] | undefined } {
  const event = eventOf(alert, rule, now);
  if (event === undefined) return { told: alert, event };
  if (isSilenced(silences, rule.id, now)) return { told: { ...alert, silenced: true }, event: undefined };
  return { told: { ...alert, notifiedAt: now, notifications: alert.notifications + 1 }, event };
}

function eventOf(
  { resolvedAt, notifiedAt, lastAt }: StoredAlert,
  { repeatMinutes }: StoredAlertRule,
  now: number,
): Notice['event'] | undefined {
  if (resolvedAt !== null) return notifiedAt === null ? undefined : 'resolved';
  if (notifiedAt === null) return 'firing';
  const isDue = repeatMinutes > 0 && now - notifiedAt >= repeatMinutes * MINUTE_MS;
  // Only while it goes on: not in the calm before its end.
  return isDue && lastAt === now ? 'repeat' : undefined;
}

const isWorthWriting = (before: StoredAlert | undefined, after: StoredAlert): boolean =>
  before === undefined ||
  before.resolvedAt !== after.resolvedAt ||
  before.notifiedAt !== after.notifiedAt ||
  before.silenced !== after.silenced ||
  before.itemsTotal !== after.itemsTotal ||
  after.peak !== before.peak ||
  after.lastAt - before.lastAt >= TOUCH_MS;
