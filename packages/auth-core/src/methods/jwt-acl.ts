import type { AclAction, AclRule } from '../acl/rule.ts';
import { isTopicFilter } from '../acl/topic.ts';

/** Rules that one answer or token may carry; more are refused, not cut. */
export const ACL_RULES_MAX = 500;
/** Longest topic of such a rule, in characters. */
export const TOPIC_CHARS_MAX = 1_024;

/** Rules that were read, or why they cannot be. */
export type AclReading =
  { readonly rules: readonly AclRule[] } | { readonly rules?: undefined; readonly problem: string };

/** The lists of EMQX 4.3: what each is about. */
const LISTS: Readonly<Record<string, AclAction>> = { pub: 'publish', sub: 'subscribe', all: 'all' };

/**
 * Reads access rules as EMQX writes them into tokens and answers: the allow-lists of 4.3 (`{pub, sub, all}`) or the rule
 * array of 5.x. What cannot be said in our rules is a problem: nothing is widened or dropped in silence.
 */
export function readAcl(value: unknown): AclReading {
  if (Array.isArray(value)) return ruleArray(value);
  if (isRecord(value)) return allowLists(value);
  return { problem: 'neither lists pub, sub and all, nor an array of rules' };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function allowLists(value: Readonly<Record<string, unknown>>): AclReading {
  const rules: AclRule[] = [];
  for (const [list, topics] of Object.entries(value)) {
    const action = Object.hasOwn(LISTS, list) ? LISTS[list] : undefined;
    if (action === undefined) return { problem: 'has a list that is none of pub, sub and all' };
    if (!Array.isArray(topics)) return { problem: `${list} is no list of topic filters` };
    for (const topic of topics) {
      const rule = ruleOf('allow', action, topic);
      if (typeof rule === 'string') return { problem: `${list}: ${rule}` };
      rules.push(rule);
    }
  }
  return bounded(rules);
}

const PERMISSIONS: readonly unknown[] = ['allow', 'deny'] satisfies AclRule['permission'][];
const ACTIONS: readonly unknown[] = ['publish', 'subscribe', 'all'] satisfies AclAction[];
const isPermission = (value: unknown): value is AclRule['permission'] => PERMISSIONS.includes(value);
const isAction = (value: unknown): value is AclAction => ACTIONS.includes(value);

function ruleArray(entries: readonly unknown[]): AclReading {
  if (entries.length > ACL_RULES_MAX) return { problem: `more than ${ACL_RULES_MAX} rules` };
  const rules: AclRule[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = entryOf(entry);
    if (typeof read === 'string') return { problem: `rule ${index + 1}: ${read}` };
    rules.push(...read);
  }
  return bounded(rules);
}

const bounded = (rules: readonly AclRule[]): AclReading =>
  rules.length > ACL_RULES_MAX ? { problem: `more than ${ACL_RULES_MAX} rules` } : { rules };

/** One entry of the array, which may name several topics; a text says what is wrong with it. */
function entryOf(entry: unknown): readonly AclRule[] | string {
  if (!isRecord(entry)) return 'no object';
  const { permission, action, topic, topics, ...conditions } = entry;
  if (!isPermission(permission)) return 'permission is neither allow nor deny';
  if (!isAction(action)) return 'action is none of publish, subscribe and all';
  const condition = Object.keys(conditions).find((name) => !saysNothing(name, conditions[name]));
  if (condition !== undefined) return 'has a condition that is not supported (only topics and actions are)';
  const named = topics ?? (topic === undefined ? [] : [topic]);
  if (!Array.isArray(named) || named.length === 0) return 'names no topic';
  const rules: AclRule[] = [];
  for (const one of named) {
    const rule = ruleOf(permission, action, one);
    if (typeof rule === 'string') return rule;
    rules.push(rule);
  }
  return rules;
}

/** Conditions in the form that every packet meets. */
function saysNothing(name: string, value: unknown): boolean {
  if (name === 'retain') return value === 'all';
  return name === 'qos' && Array.isArray(value) && [0, 1, 2].every((qos) => value.includes(qos));
}

/** EMQX's mark of a topic that is compared as it is. */
const LITERAL_MARK = 'eq ';
/** Placeholders that our rules resolve; any other would stand for itself and so mean something else. */
const KNOWN_PLACEHOLDER = /\$\{(?:username|clientid|cn)\}/g;

function ruleOf(permission: AclRule['permission'], action: AclAction, topic: unknown): AclRule | string {
  if (typeof topic !== 'string' || topic === '' || topic.length > TOPIC_CHARS_MAX) {
    return `a topic is no text of 1 to ${TOPIC_CHARS_MAX} characters`;
  }
  if (topic.startsWith(LITERAL_MARK)) {
    return { permission, action, topic: topic.slice(LITERAL_MARK.length), literal: true };
  }
  const known = topic.replaceAll('${cert_common_name}', '${cn}');
  if (known.replaceAll(KNOWN_PLACEHOLDER, '').includes('${')) return 'a topic has an unknown placeholder';
  return isTopicFilter(known) ? { permission, action, topic: known } : 'a topic is no topic filter';
}
