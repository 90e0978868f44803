import type { AlertConditionDto, AlertRuleDto } from '@gatehouse/contract';
import type { Family } from '@gatehouse/auth-core/reasons';
import { thresholdOf } from './words';

export type AlertKind = AlertConditionDto['kind'];

/** Where the API keeps a kind's threshold, and what a preset begins with. */
export const PRESETS: Readonly<
  Record<AlertKind, { readonly at: string; readonly value: number; readonly minutes: number }>
> = {
  refusalRate: { at: 'perMinute', value: 60, minutes: 5 },
  newReason: { at: '', value: 0, minutes: 0 },
  newNetwork: { at: '', value: 0, minutes: 0 },
  backendError: { at: 'errors', value: 5, minutes: 5 },
  certificateExpiry: { at: 'days', value: 14, minutes: 0 },
  recorderDrops: { at: 'drops', value: 1, minutes: 5 },
};

export const ALERT_KINDS = Object.keys(PRESETS) as readonly AlertKind[];

export interface RuleDraft {
  readonly name: string;
  readonly kind: AlertKind;
  readonly value: number;
  readonly minutes: number;
  /** One family of reasons; null: all. */
  readonly family: Family | null;
  readonly repeat: number;
  readonly calm: number;
  readonly topic: string;
  /** Null: all that there are. */
  readonly channels: readonly string[] | null;
}

/** What a preset of a kind begins with. */
export const presetOf = (kind: AlertKind, name: string) => {
  const { value, minutes } = PRESETS[kind];
  return { kind, name, value, minutes };
};

export const newRuleDraft = (kind: AlertKind, name: string): RuleDraft => ({
  ...presetOf(kind, name),
  family: null,
  repeat: 60,
  calm: 300,
  topic: '',
  channels: null,
});

/** A rule as its form shows it. */
export const ruleDraftOf = (rule: AlertRuleDto): RuleDraft => {
  const { name, condition, repeatMinutes, resolveAfterSeconds, topic, channels } = rule;
  return {
    name,
    kind: condition.kind,
    value: thresholdOf(condition) ?? 0,
    minutes: 'windowMinutes' in condition ? condition.windowMinutes : 0,
    family: condition.kind === 'refusalRate' ? condition.family : null,
    repeat: repeatMinutes,
    calm: resolveAfterSeconds,
    topic: topic ?? '',
    channels,
  };
};

const conditionOf = ({ kind, value, minutes, family }: RuleDraft) => {
  const { at, minutes: hasWindow } = PRESETS[kind];
  return {
    kind,
    ...(at === '' ? {} : { [at]: value }),
    ...(hasWindow === 0 ? {} : { windowMinutes: minutes }),
    ...(kind === 'refusalRate' ? { family } : {}),
  };
};

export const ruleBodyOf = (draft: RuleDraft, channels: readonly string[]) => ({
  name: draft.name,
  condition: conditionOf(draft),
  channels,
  repeatMinutes: draft.repeat,
  resolveAfterSeconds: draft.calm,
  topic: draft.topic === '' ? null : draft.topic,
});
