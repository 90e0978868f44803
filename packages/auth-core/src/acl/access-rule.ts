import { parseCidr } from '../network/cidr.ts';
import type { AclAction, AclRule, Qos } from './rule.ts';
import { isTopicFilter } from './topic.ts';

/** Bounds of the global rules. */
export const ACCESS_LIMITS = {
  /** Rules in all. */
  rulesMax: 10_000,
  topicsPerRuleMax: 32,
  /** Conditions of one rule, those within `and` counted each. */
  conditionsPerRuleMax: 32,
  topicCharactersMax: 1_024,
  valueCharactersMax: 1_024,
} as const;

/** When a global rule is asked, beside the rules of the client's own credential or source. */
export const ACCESS_PHASES = ['before', 'after'] as const;
export type AccessPhase = (typeof ACCESS_PHASES)[number];

/** What a client is told by: exactly one of these. `ip` is an address or a network as `address/prefix`. */
export type AccessCondition =
  | { readonly username: string }
  | { readonly clientId: string }
  | { readonly ip: string }
  /** A tag of the credential that admitted it. */
  | { readonly tag: string }
  /** The common name of its certificate, whatever admitted it. */
  | { readonly cn: string };

/** Everybody; who meets a condition; who meets all of several; or who meets one of several, each of which may be an `and`. */
export type AccessWho =
  | 'all'
  | AccessCondition
  | { readonly and: readonly AccessCondition[] }
  | { readonly or: readonly (AccessCondition | { readonly and: readonly AccessCondition[] })[] };

/** One rule of the global list (auth.md §7). */
export interface AccessRule {
  readonly id: string;
  readonly phase: AccessPhase;
  readonly permission: 'allow' | 'deny';
  readonly who: AccessWho;
  readonly action: AclAction;
  /** Topic filters with placeholders; `eq …` is that very text. */
  readonly topics: readonly string[];
  readonly qos?: readonly Qos[];
  readonly retain?: boolean;
}

/** A part of a rule that cannot be used, dots between levels. */
export interface AccessRuleProblem {
  readonly path: string;
  readonly message: string;
}

const LITERAL = 'eq ';
const NO_FILTER = 'no topic filter: + and # stand alone between slashes, and # comes last';

/** What the schema of a rule alone cannot judge; empty when it is good. */
export function accessRuleProblems({
  who,
  topics,
}: Pick<AccessRule, 'who' | 'topics'>): readonly AccessRuleProblem[] {
  const problems: AccessRuleProblem[] = [];
  for (const [index, topic] of topics.entries()) {
    if (topic.startsWith(LITERAL) ? topic.length === LITERAL.length : !isTopicFilter(topic))
      problems.push({ path: `topics.${index}`, message: NO_FILTER });
  }
  const conditions = alternativesOf(who).flat();
  if (conditions.length > ACCESS_LIMITS.conditionsPerRuleMax)
    problems.push({ path: 'who', message: `at most ${ACCESS_LIMITS.conditionsPerRuleMax} conditions` });
  if (conditions.some((condition) => 'ip' in condition && parseCidr(condition.ip) === undefined))
    problems.push({ path: 'who', message: 'ip is an address, or a network as address/prefix' });
  return problems;
}

/** The ways to be meant: each list is conditions that hold together. Everybody is meant by no condition at all. */
export function alternativesOf(who: AccessWho): readonly (readonly AccessCondition[])[] {
  if (who === 'all') return [[]];
  if ('or' in who) return who.or.map((one) => ('and' in one ? one.and : [one]));
  return 'and' in who ? [who.and] : [[who]];
}

/** The rule as the decision reads it: one for each topic. */
export const aclRulesOf = ({ id, permission, action, topics, qos, retain }: AccessRule): readonly AclRule[] =>
  topics.map((topic) => ({
    permission,
    action,
    ...(topic.startsWith(LITERAL) ? { topic: topic.slice(LITERAL.length), literal: true } : { topic }),
    ...(qos === undefined ? {} : { qos }),
    ...(retain === undefined ? {} : { retain }),
    ruleId: id,
  }));
