import type { AclAction, AclRule, Qos } from './rule.ts';
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

/**
 * What decided: the client is a superuser; a global rule that is asked before the client's own; one of those; its source,
 * asked about this very topic; a global rule that is asked after; or none.
 */
export type AccessStage = 'superuser' | 'before' | 'own' | 'source' | 'after' | 'no-match';

/** Whether something is allowed, and the rule that says so: null when none does, or for a superuser. */
export interface AccessAnswer {
  readonly allowed: boolean;
  readonly rule: AclRule | null;
  readonly by: AccessStage;
  /** The client's source is to be asked; what is said here counts where it has no opinion. */
  readonly ask: boolean;
}

/** As `AccessAnswer`; `checkAtDelivery` when a deny rule is about some of the topics that the filter matches. */
export interface SubscribeAnswer extends AccessAnswer {
  readonly checkAtDelivery: boolean;
}

/** The rules of one session, its placeholders filled in: made once, asked for every packet. */
export interface Access {
  /** May this topic name be published to? */
  publish(topic: string, qos?: Qos, retain?: boolean): AccessAnswer;
  /** May this filter (with or without `$share/…`) be subscribed to? */
  subscribe(filter: string, qos?: Qos): SubscribeAnswer;
  /**
   * May a message on this topic be delivered? Asked for subscriptions that were marked `checkAtDelivery`. Of what the
   * source allowed it takes what a rule before it denies: the source itself is never asked here (auth.md §7).
   */
  deliver(topic: string, qos?: Qos): AccessAnswer;
  /** Some rule about publishing looks at QoS or RETAIN: an answer about a topic alone is not to be remembered. */
  readonly isFaceted: boolean;
}

/** The global rules about a client. */
export interface AccessAround {
  readonly before: readonly AclRule[];
  readonly after: readonly AclRule[];
  /** What becomes of what no rule is about; `allow` never opens a topic that begins with `$`. */
  readonly noMatch: 'allow' | 'deny';
  /** A rule among them has placeholders. */
  readonly isPersonal: boolean;
}

/** What of a session's grant and of the house decides beside its rules. */
export interface AccessMore {
  readonly around?: AccessAround;
  /** Further lists of its own, each of which has to allow too: a `require` group's. */
  readonly alsoWithin?: readonly (readonly AclRule[])[] | undefined;
  /** Its source is asked where neither its own rules nor those before them say anything. */
  readonly asks?: boolean;
}

export const NOTHING_AROUND: AccessAround = { before: [], after: [], noMatch: 'deny', isPersonal: false };

interface ScopedRule {
  readonly rule: AclRule;
  readonly scope: RuleScope;
  /** What it says when it decides; made once. */
  readonly answer: SubscribeAnswer;
  readonly checked: SubscribeAnswer;
}

const answerOf = (
  allowed: boolean,
  by: AccessStage,
  rule: AclRule | null = null,
  checkAtDelivery = false,
): SubscribeAnswer => ({ allowed, rule, by, ask: false, checkAtDelivery });

const SUPERUSER = answerOf(true, 'superuser');
const NO_MATCH = answerOf(false, 'no-match');
const NO_MATCH_ALLOWED = answerOf(true, 'no-match');
const NO_MATCH_CHECKED = answerOf(true, 'no-match', null, true);
const SOURCE_ALLOWED = answerOf(true, 'source');

const SUPERUSER_ACCESS: Access = {
  publish: () => SUPERUSER,
  subscribe: () => SUPERUSER,
  deliver: () => SUPERUSER,
  isFaceted: false,
};

/** Rules without placeholders, made ready: a fleet that shares a credential shares them too. */
const sameForAll = new WeakMap<AccessAround, WeakMap<readonly AclRule[], Access>>();

function sharedBy(around: AccessAround): WeakMap<readonly AclRule[], Access> {
  const known = sameForAll.get(around);
  if (known !== undefined) return known;
  const fresh = new WeakMap<readonly AclRule[], Access>();
  sameForAll.set(around, fresh);
  return fresh;
}

/**
 * Prepares an ordered rule list for one subject. The first rule that matches decides, none denies, and a superuser is
 * asked nothing (auth.md §7). Global rules go around the subject's own: some before, some after.
 */
export function createAccess(
  rules: readonly AclRule[],
  subject: AclSubject,
  { around = NOTHING_AROUND, alsoWithin = [], asks = false }: AccessMore = {},
): Access {
  if (subject.superuser) return SUPERUSER_ACCESS;
  if (alsoWithin.length > 0 || asks || around.isPersonal || rules.some(hasPlaceholder)) {
    return accessOf([rules, ...alsoWithin], subject, around, asks);
  }
  const shared = sharedBy(around);
  const known = shared.get(rules);
  if (known !== undefined) return known;
  const access = accessOf([rules], subject, around, false);
  shared.set(rules, access);
  return access;
}

/** One list of the subject's own with the global rules around it; all that is asked about a topic. */
interface Lists {
  readonly publish: readonly ScopedRule[];
  readonly subscribe: readonly ScopedRule[];
}

function accessOf(
  own: readonly (readonly AclRule[])[],
  subject: AclSubject,
  around: AccessAround,
  asks: boolean,
): Access {
  const scoped = (rules: readonly AclRule[], by: AccessStage): readonly ScopedRule[] =>
    rules.map((rule) => scopedRule(rule, by, subject));
  const before = scoped(around.before, 'before');
  const after = scoped(around.after, 'after');
  const lists = own.map((rules): Lists => {
    const all = [...before, ...scoped(rules, 'own'), ...after];
    return {
      publish: all.filter(({ rule }) => concerns(rule, 'publish')),
      subscribe: all.filter(({ rule }) => concerns(rule, 'subscribe')),
    };
  });
  const { noMatch } = around;
  return {
    publish: (topic, qos, retain) =>
      every(lists, (list) => forSource(decideTopic(list.publish, noMatch, topic, qos, retain), asks)),
    subscribe: (filter, qos) =>
      every(lists, (list) => forSource(decideFilter(list.subscribe, noMatch, filter, qos), asks)),
    deliver: (topic, qos) =>
      every(lists, (list) => {
        const answer = decideTopic(list.subscribe, noMatch, topic, qos, undefined);
        return asks && isOpenToSource(answer) ? SOURCE_ALLOWED : answer;
      }),
    isFaceted: lists.some(({ publish }) =>
      publish.some(({ rule }) => rule.qos !== undefined || rule.retain !== undefined),
    ),
  };
}

function scopedRule(rule: AclRule, by: AccessStage, subject: AclSubject): ScopedRule {
  const allowed = rule.permission === 'allow';
  return {
    rule,
    scope: scopeOf(rule, subject),
    answer: answerOf(allowed, by, rule),
    checked: answerOf(allowed, by, rule, allowed),
  };
}

/** Every list has to allow: the first that does not decides. */
function every(lists: readonly Lists[], decide: (list: Lists) => SubscribeAnswer): SubscribeAnswer {
  let given: SubscribeAnswer | undefined;
  for (const list of lists) {
    const answer = decide(list);
    if (!answer.allowed && !answer.ask) return answer;
    if (given === undefined) given = answer;
    else if (answer.ask || answer.checkAtDelivery) {
      given = {
        ...answer,
        allowed: given.allowed && answer.allowed,
        ask: given.ask || answer.ask,
        checkAtDelivery: given.checkAtDelivery || answer.checkAtDelivery,
      };
    }
  }
  return given ?? NO_MATCH;
}

const isOpenToSource = ({ by }: AccessAnswer): boolean => by === 'after' || by === 'no-match';

const forSource = (answer: SubscribeAnswer, asks: boolean): SubscribeAnswer =>
  asks && isOpenToSource(answer) ? { ...answer, ask: true, checkAtDelivery: true } : answer;

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

/** Where QoS is not known (what was queued long ago) a rule that looks at it takes nothing away. */
function fits({ rule }: ScopedRule, qos: Qos | undefined, retain: boolean | undefined): boolean {
  if (rule.retain !== undefined && retain !== undefined && rule.retain !== retain) return false;
  if (rule.qos === undefined) return true;
  return qos === undefined ? rule.permission === 'allow' : rule.qos.includes(qos);
}

function decideTopic(
  rules: readonly ScopedRule[],
  noMatch: AccessAround['noMatch'],
  topic: string,
  qos: Qos | undefined,
  retain: boolean | undefined,
): SubscribeAnswer {
  if (!isTopicName(topic)) return NO_MATCH;
  const levels = levelsOf(topic);
  for (const rule of rules) {
    if (fits(rule, qos, retain) && contains(rule.scope, topic, levels)) return rule.answer;
  }
  return noMatch === 'allow' && !topic.startsWith('$') ? NO_MATCH_ALLOWED : NO_MATCH;
}

/**
 * Decides about a whole set of topics: an allow rule must cover the filter, a deny rule that covers it refuses it, and
 * one that comes before the allow and covers a part of it leaves that part to be checked message by message.
 */
function decideFilter(
  rules: readonly ScopedRule[],
  noMatch: AccessAround['noMatch'],
  filter: string,
  qos: Qos | undefined,
): SubscribeAnswer {
  const inner = innerFilterOf(filter);
  if (inner === undefined || !isTopicFilter(inner)) return NO_MATCH;
  const levels = levelsOf(inner);
  let checkAtDelivery = false;
  for (const scoped of rules) {
    if (!fits(scoped, qos, undefined)) continue;
    const { rule, scope, answer, checked } = scoped;
    if (contains(scope, inner, levels)) return checkAtDelivery ? checked : answer;
    if (rule.permission === 'deny') checkAtDelivery ||= touches(scope, levels);
  }
  if (noMatch === 'deny' || inner.startsWith('$')) return NO_MATCH;
  return checkAtDelivery ? NO_MATCH_CHECKED : NO_MATCH_ALLOWED;
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
