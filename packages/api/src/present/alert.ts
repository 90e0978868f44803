import type { AlertChannelDto, AlertDto, AlertRuleDto, AlertSilenceDto } from '@gatehouse/contract';
import type {
  AlertCondition,
  AlertSilence,
  StoredAlert,
  StoredAlertChannel,
  StoredAlertRule,
} from '@gatehouse/ports';
import { iso, isoOrNull } from './time.ts';

/** Filters of the refused clients behind an alert: they have no end, for a client that fails still has failed later. */
export const rowsOf = ({
  condition,
  firedAt,
  items,
}: Pick<StoredAlert, 'condition' | 'firedAt' | 'items'>): Readonly<Record<string, string>> | null => {
  const values = items.map(({ value }) => value).join(',');
  const back = 'windowMinutes' in condition ? condition.windowMinutes * MINUTE_MS : LEAD_MS;
  const from = iso(firedAt - back);
  switch (condition.kind) {
    case 'refusalRate':
      return { from, ...(condition.family === null ? {} : { family: condition.family }), state: 'all' };
    case 'newReason':
      return { from, reason: values, state: 'all' };
    case 'newNetwork':
      return { from, ip: values, state: 'all' };
    // What an error of a backend comes to is a matter of policy: no filter shows its clients and nobody else's.
    case 'backendError':
    case 'certificateExpiry':
    case 'recorderDrops':
      return null;
  }
};
const MINUTE_MS = 60_000;
/** What is seen for the first time was refused a little before it is noticed. */
const LEAD_MS = 60_000;

export const presentAlert = (alert: StoredAlert): AlertDto => ({
  id: alert.id,
  ruleId: alert.ruleId,
  ruleName: alert.ruleName,
  condition: { ...alert.condition },
  subject: alert.subject,
  state: alert.resolvedAt === null ? 'firing' : 'resolved',
  firedAt: iso(alert.firedAt),
  lastAt: iso(alert.lastAt),
  resolvedAt: isoOrNull(alert.resolvedAt),
  value: alert.value,
  peak: alert.peak,
  items: alert.items.map((item) => ({ ...item })),
  itemsTotal: alert.itemsTotal,
  notifiedAt: isoOrNull(alert.notifiedAt),
  notifications: alert.notifications,
  silenced: alert.silenced,
  rows: rowsOf(alert),
});

const conditionOf = (condition: AlertCondition): AlertRuleDto['condition'] => ({ ...condition });

export const presentAlertRule = (
  rule: StoredAlertRule,
  firing: ReadonlySet<string>,
  silences: readonly AlertSilence[],
): AlertRuleDto => {
  const until = silences
    .filter(({ ruleId }) => ruleId === null || ruleId === rule.id)
    .map((silence) => silence.until);
  return {
    ...auditAlertRule(rule),
    id: rule.id,
    version: rule.version,
    firing: firing.has(rule.id),
    silencedUntil: until.length === 0 ? null : iso(Math.max(...until)),
    createdAt: iso(rule.createdAt),
    createdBy: rule.createdBy,
    updatedAt: iso(rule.updatedAt),
  };
};

/** What the audit keeps of a rule. */
export const auditAlertRule = (rule: StoredAlertRule) => ({
  name: rule.name,
  enabled: rule.enabled,
  condition: conditionOf(rule.condition),
  channels: [...rule.channels],
  repeatMinutes: rule.repeatMinutes,
  resolveAfterSeconds: rule.resolveAfterSeconds,
  topic: rule.topic,
});

/** Where a channel leads, with what of it is secret only told to be there. */
const targetOf = ({ target, sealed }: StoredAlertChannel, has: ChannelHas): AlertChannelDto['target'] => {
  switch (target.kind) {
    case 'webhook':
      return { ...target, hasSecret: sealed !== null && has.secret };
    case 'email':
      return { ...target, to: [...target.to], hasPassword: sealed !== null && has.password };
    case 'mqtt':
      return { ...target };
  }
};

/** Which secrets a channel has. */
export interface ChannelHas {
  readonly secret: boolean;
  readonly password: boolean;
}

export const presentAlertChannel = (
  channel: StoredAlertChannel,
  has: ChannelHas,
  waiting: number,
): AlertChannelDto => ({
  id: channel.id,
  version: channel.version,
  name: channel.name,
  enabled: channel.enabled,
  target: targetOf(channel, has),
  health: {
    waiting,
    delivered: channel.health.delivered,
    gaveUp: channel.health.gaveUp,
    dropped: channel.health.dropped,
    failuresInARow: channel.health.failuresInARow,
    lastDeliveredAt: isoOrNull(channel.health.lastDeliveredAt),
    lastFailedAt: isoOrNull(channel.health.lastFailedAt),
    lastFailure: channel.health.lastFailure,
  },
  createdAt: iso(channel.createdAt),
  createdBy: channel.createdBy,
  updatedAt: iso(channel.updatedAt),
});

/** What the audit keeps of a channel: nothing secret. */
export const auditAlertChannel = ({ name, enabled, target }: StoredAlertChannel) => ({
  name,
  enabled,
  target,
});

export const presentSilence = (silence: AlertSilence): AlertSilenceDto => ({
  id: silence.id,
  ruleId: silence.ruleId,
  until: iso(silence.until),
  comment: silence.comment,
  createdAt: iso(silence.createdAt),
  createdBy: silence.createdBy,
});
