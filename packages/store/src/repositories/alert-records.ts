import type {
  AlertChannelWrite,
  AlertCondition,
  AlertDelivery,
  AlertEvent,
  AlertRuleWrite,
  AlertSilence,
  AlertTarget,
  ChannelHealth,
  StoredAlert,
  StoredAlertChannel,
  StoredAlertRule,
} from '@gatehouse/ports';
import type {
  Alert as AlertRecord,
  AlertChannel as ChannelRecord,
  AlertDelivery as DeliveryRecord,
  AlertRule as RuleRecord,
  AlertSilence as SilenceRecord,
} from '../generated/sqlite/client.ts';
import { json, storable } from '../sql.ts';
import { small } from './values.ts';

// Rows are written by this package alone, from values of these very types.
const parsed = (text: string): unknown => JSON.parse(text);

export const NO_HEALTH: ChannelHealth = {
  lastDeliveredAt: null,
  lastFailedAt: null,
  lastFailure: null,
  failuresInARow: 0,
  delivered: 0,
  gaveUp: 0,
  dropped: 0,
};

export const ruleFromRecord = (record: RuleRecord): StoredAlertRule => ({
  id: record.id,
  version: record.version,
  name: record.name,
  enabled: record.enabled,
  condition: parsed(record.condition) as AlertCondition,
  channels: parsed(record.channels) as readonly string[],
  repeatMinutes: record.repeatMinutes,
  resolveAfterSeconds: record.resolveAfterSeconds,
  topic: record.topic,
  createdAt: Number(record.createdAt),
  createdBy: record.createdBy,
  updatedAt: Number(record.updatedAt),
});

export const ruleColumns = (write: Omit<AlertRuleWrite, 'createdBy'>) => ({
  name: storable(write.name),
  enabled: write.enabled,
  condition: json(write.condition),
  channels: json(write.channels),
  repeatMinutes: write.repeatMinutes,
  resolveAfterSeconds: write.resolveAfterSeconds,
  topic: write.topic,
});

export const channelFromRecord = (record: ChannelRecord): StoredAlertChannel => ({
  id: record.id,
  version: record.version,
  name: record.name,
  enabled: record.enabled,
  target: parsed(record.target) as AlertTarget,
  sealed: record.sealed,
  health: parsed(record.health) as ChannelHealth,
  createdAt: Number(record.createdAt),
  createdBy: record.createdBy,
  updatedAt: Number(record.updatedAt),
});

export const channelColumns = (write: Omit<AlertChannelWrite, 'id' | 'createdBy'>) => ({
  name: storable(write.name),
  enabled: write.enabled,
  target: json(write.target),
  sealed: write.sealed,
});

export const silenceFromRecord = (record: SilenceRecord): AlertSilence => ({
  id: record.id,
  ruleId: record.ruleId,
  until: Number(record.until),
  comment: record.comment,
  createdAt: Number(record.createdAt),
  createdBy: record.createdBy,
});

type Facts = Omit<StoredAlert, 'id' | 'ruleId' | 'firedAt' | 'resolvedAt'>;

export const alertFromRecord = (record: AlertRecord): StoredAlert => ({
  ...(parsed(record.facts) as Facts),
  id: record.id,
  ruleId: record.ruleId,
  firedAt: Number(record.firedAt),
  resolvedAt: small(record.resolvedAt),
});

export const alertColumns = ({ id, ruleId, firedAt, resolvedAt, ...facts }: StoredAlert) => ({
  id,
  ruleId,
  kind: facts.condition.kind,
  firedAt: BigInt(firedAt),
  resolvedAt: resolvedAt === null ? null : BigInt(resolvedAt),
  facts: json(facts satisfies Facts),
});

export const deliveryFromRecord = (record: DeliveryRecord): AlertDelivery => ({
  id: record.id,
  channelId: record.channelId,
  event: record.event as AlertEvent,
  message: record.message,
  attempts: record.attempts,
  nextAt: Number(record.nextAt),
  createdAt: Number(record.createdAt),
});
