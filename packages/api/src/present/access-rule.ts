import type { AccessAnswer, AccessRule } from '@gatehouse/auth-core';
import type { AccessRuleDto, DenialDto } from '@gatehouse/contract';
import type { Denial, StoredAccessRule } from '@gatehouse/ports';
import { iso } from './time.ts';

/** A rule of the store, or one that the configuration declares. */
export type ListedRule = AccessRule & Partial<Omit<StoredAccessRule, keyof AccessRule>>;

/** Rules as the contract writes them, each with its place in its phase; they come in their order. */
export const presentAccessRules = (rules: readonly ListedRule[]): readonly AccessRuleDto[] => {
  const next = { before: 0, after: 0 };
  return rules.map((rule) => ({
    id: rule.id,
    version: rule.version ?? 0,
    phase: rule.phase,
    index: next[rule.phase]++,
    permission: rule.permission,
    who: copied(rule.who),
    action: rule.action,
    topics: [...rule.topics],
    qos: rule.qos === undefined ? null : [...rule.qos],
    retain: rule.retain ?? null,
    comment: rule.comment ?? '',
    createdAt: rule.createdAt === undefined ? null : iso(rule.createdAt),
    createdBy: rule.createdBy ?? null,
  }));
};

const copied = (who: AccessRule['who']): AccessRuleDto['who'] => {
  if (who === 'all') return who;
  if ('or' in who) return { or: who.or.map((one) => ('and' in one ? { and: [...one.and] } : one)) };
  return 'and' in who ? { and: [...who.and] } : who;
};

/** What the audit keeps of a rule. */
export const auditAccessRule = (rule: StoredAccessRule) => ({
  phase: rule.phase,
  permission: rule.permission,
  who: rule.who,
  action: rule.action,
  topics: rule.topics,
  qos: rule.qos ?? null,
  retain: rule.retain ?? null,
  comment: rule.comment,
});

export const accessRuleTarget = ({ id, permission, topics }: StoredAccessRule) => ({
  kind: 'access-rule',
  id,
  name: `${permission} ${topics[0] ?? ''}`,
});

/** The rule that decided, as far as one did. */
export const presentDecidingRule = (rule: AccessAnswer['rule']): DenialDto['rule'] =>
  rule === null ? null : { id: rule.ruleId ?? null, permission: rule.permission, topic: rule.topic };

export const presentDenial = ({ firstAt, lastAt, ...denial }: Denial): DenialDto => ({
  ...denial,
  firstAt: iso(firstAt),
  lastAt: iso(lastAt),
});
