import type { AclAction, AclRule } from './rule.ts';
import { type AclSubject, hasPlaceholder, type RuleScope, scopeOf } from './substitute.ts';
import {
  covers,
  innerFilterOf,
  isTopicFilter,
  isTopicName,
  type Levels,
  levelsOf,
  overlaps,
} from './topic.ts';

/** Whether something is allowed, and the rule that says so: null when none does, or for a superuser. */
export interface AccessAnswer {
  readonly allowed: boolean;
  readonly rule: AclRule | null;
}

/** As `AccessAnswer`; `checkAtDelivery` when a deny rule is about some of the topics that the filter matches. */
export interface SubscribeAnswer extends AccessAnswer {
  readonly checkAtDelivery: boolean;
}

/** The rules of one session, its placeholders filled in: made once, asked for every packet. */
export interface Access {
  /** May this topic name be published to? */
  publish(topic: string): AccessAnswer;
  /** May this filter (with or without `$share/…`) be subscribed to? */
  subscribe(filter: string): SubscribeAnswer;
  /** May a message on this topic be delivered? Asked for subscriptions that were marked `checkAtDelivery`. */
  deliver(topic: string): AccessAnswer;
}

interface ScopedRule {
  readonly rule: AclRule;
  readonly scope: RuleScope;
}

const SUPERUSER = { allowed: true, rule: null, checkAtDelivery: false } as const;
const NO_MATCH = { allowed: false, rule: null, checkAtDelivery: false } as const;

const SUPERUSER_ACCESS: Access = {
  publish: () => SUPERUSER,
  subscribe: () => SUPERUSER,
  deliver: () => SUPERUSER,
};

/** Rules without placeholders, made ready: a fleet that shares a credential shares them too. */
const sameForAll = new WeakMap<readonly AclRule[], Access>();

/**
 * Prepares an ordered rule list for one subject. The first rule that matches decides, none denies, and a superuser is
 * asked nothing (auth.md §7).
 */
export function createAccess(rules: readonly AclRule[], subject: AclSubject): Access {
  if (subject.superuser) return SUPERUSER_ACCESS;
  const known = sameForAll.get(rules);
  if (known !== undefined) return known;
  const access = accessOf(rules, subject);
  if (!rules.some(hasPlaceholder)) sameForAll.set(rules, access);
  return access;
}

function accessOf(rules: readonly AclRule[], subject: AclSubject): Access {
  const scoped = rules.map((rule) => ({ rule, scope: scopeOf(rule, subject) }));
  const publish = scoped.filter(({ rule }) => concerns(rule, 'publish'));
  const subscribe = scoped.filter(({ rule }) => concerns(rule, 'subscribe'));
  return {
    publish: (topic) => decideTopic(publish, topic),
    subscribe: (filter) => decideFilter(subscribe, filter),
    deliver: (topic) => decideTopic(subscribe, topic),
  };
}

/** May the subject publish to this topic name? For many questions about one subject use `createAccess`. */
export const authorizePublish = (
  rules: readonly AclRule[],
  subject: AclSubject,
  topic: string,
): AccessAnswer => createAccess(rules, subject).publish(topic);

/** May the subject subscribe to this filter? For many questions about one subject use `createAccess`. */
export const authorizeSubscribe = (
  rules: readonly AclRule[],
  subject: AclSubject,
  filter: string,
): SubscribeAnswer => createAccess(rules, subject).subscribe(filter);

const concerns = ({ action }: AclRule, asked: Exclude<AclAction, 'all'>): boolean =>
  action === 'all' || action === asked;

function decideTopic(rules: readonly ScopedRule[], topic: string): AccessAnswer {
  if (!isTopicName(topic)) return NO_MATCH;
  const levels = levelsOf(topic);
  const first = rules.find(({ scope }) => contains(scope, topic, levels));
  return first === undefined ? NO_MATCH : { allowed: first.rule.permission === 'allow', rule: first.rule };
}

/**
 * Decides about a whole set of topics: an allow rule must cover the filter, a deny rule that covers it refuses it, and
 * one that comes before the allow and covers a part of it leaves that part to be checked message by message.
 */
function decideFilter(rules: readonly ScopedRule[], filter: string): SubscribeAnswer {
  const inner = innerFilterOf(filter);
  if (inner === undefined || !isTopicFilter(inner)) return NO_MATCH;
  const levels = levelsOf(inner);
  let checkAtDelivery = false;
  for (const { rule, scope } of rules) {
    if (contains(scope, inner, levels)) {
      return rule.permission === 'allow'
        ? { allowed: true, rule, checkAtDelivery }
        : { allowed: false, rule, checkAtDelivery: false };
    }
    if (rule.permission === 'deny') checkAtDelivery ||= touches(scope, levels);
  }
  return NO_MATCH;
}

/** Whether everything that the filter (or the one topic) matches is within the rule's scope. */
function contains(scope: RuleScope, text: string, levels: Levels): boolean {
  switch (scope.kind) {
    case 'everything':
      return true;
    case 'nothing':
      return false;
    case 'literal':
      return scope.text === text;
    case 'filter':
      return covers(scope.levels, levels);
  }
}

/** Whether some topic that the filter matches is within a scope that does not contain the filter. */
function touches(scope: RuleScope, levels: Levels): boolean {
  if (scope.kind === 'filter') return overlaps(scope.levels, levels);
  return scope.kind === 'literal' && isTopicName(scope.text) && covers(levels, levelsOf(scope.text));
}
