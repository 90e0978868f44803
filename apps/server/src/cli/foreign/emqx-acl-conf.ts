import { isTopicFilter, parseCidr } from '@gatehouse/auth-core';
import type { CreateAccessRule } from '@gatehouse/contract';
import { readTerms, type Term } from './erlang-terms.ts';
import { left, together, type Foreign, type ForeignFile } from './foreign.ts';

type Who = NonNullable<CreateAccessRule['who']>;
type Condition = Extract<
  Who,
  { readonly ip: string } | { readonly username: string } | { readonly clientId: string }
>;

/** What cannot be carried over, in words. */
interface Problem {
  readonly problem: string;
}
const problem = (words: string): Problem => ({ problem: words });
const isProblem = (value: object): value is Problem => 'problem' in value;

const ACTIONS = { publish: 'publish', subscribe: 'subscribe', pubsub: 'all' } as const;

const isAtom = (term: Term | undefined, text: string): boolean => term?.kind === 'atom' && term.text === text;
const itemsOf = (term: Term | undefined, kind: 'tuple' | 'list'): readonly Term[] | undefined =>
  term?.kind === kind && 'items' in term ? term.items : undefined;
const stringOf = (term: Term | undefined): string | undefined =>
  term?.kind === 'string' && 'text' in term ? term.text : undefined;
const atomOf = (term: Term | undefined): string | undefined =>
  term?.kind === 'atom' && 'text' in term ? term.text : undefined;

/** Names of EMQX 4.3, and those of before. */
const CONDITIONS: Readonly<Record<string, 'username' | 'clientId' | 'ip'>> = {
  user: 'username',
  client: 'clientId',
  clientid: 'clientId',
  ipaddr: 'ip',
};

function conditionOf(term: Term): Condition | Problem {
  const [name, value, ...rest] = itemsOf(term, 'tuple') ?? [];
  const field = CONDITIONS[atomOf(name) ?? ''];
  const text = stringOf(value);
  if (field === undefined || rest.length > 0) return problem('its client is of a kind that is not known');
  if (isAtom(value, 'all')) return problem('it is about every client that has such a name');
  if (text === undefined) return problem('its client is told by an expression');
  if (text === '') return problem('its client has no name');
  if (field !== 'ip') return field === 'username' ? { username: text } : { clientId: text };
  const network = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  return parseCidr(network) === undefined ? problem('its address is none') : { ip: text };
}

/** `{ipaddrs, […]}`, `{'and', […]}` and `{'or', […]}`; undefined: it is none of them. */
function severalOf(term: Term): Who | Problem | undefined {
  const [name, list] = itemsOf(term, 'tuple') ?? [];
  const joined = atomOf(name);
  if (joined !== 'ipaddrs' && joined !== 'and' && joined !== 'or') return undefined;
  const items = itemsOf(list, 'list') ?? [];
  const conditions: Condition[] = [];
  for (const item of items) {
    const one = conditionOf(
      joined === 'ipaddrs' ? { kind: 'tuple', items: [{ kind: 'atom', text: 'ipaddr' }, item] } : item,
    );
    if (isProblem(one)) return one;
    conditions.push(one);
  }
  if (conditions.length === 0) return problem('its list of clients is empty');
  return joined === 'and' ? { and: conditions } : { or: conditions };
}

const whoOf = (term: Term): Who | Problem =>
  isAtom(term, 'all') ? 'all' : (severalOf(term) ?? conditionOf(term));

function topicOf(term: Term): string | Problem {
  const [name, exact] = itemsOf(term, 'tuple') ?? [];
  const isExact = isAtom(name, 'eq');
  const topic = isExact ? stringOf(exact) : stringOf(term);
  if (topic === undefined || topic === '') return problem('a topic of it is no text');
  // Placeholders of ours that are none in EMQX.
  if (/\$\{(?:username|clientid|cn)\}/.test(topic))
    return problem('a topic of it has what is a placeholder here');
  if (!isExact && !isTopicFilter(topic)) return problem('a topic of it is no filter');
  return isExact ? `eq ${topic}` : topic;
}

type Body = Pick<CreateAccessRule, 'action' | 'topics'>;

/** What it is about: all, where a rule is `{allow, all}`. */
function bodyOf(rest: readonly Term[]): Body | Problem {
  if (rest.length === 0) return { action: 'all', topics: ['#', '$SYS/#'] };
  const [actionTerm, list, ...more] = rest;
  const name = atomOf(actionTerm);
  const action = name !== undefined && name in ACTIONS ? ACTIONS[name as keyof typeof ACTIONS] : undefined;
  const given = itemsOf(list, 'list');
  if (action === undefined) return problem('its action is none of publish, subscribe, pubsub');
  if (given === undefined || given.length === 0 || more.length > 0)
    return problem('it has no list of topics');
  const topics = given.map(topicOf);
  const odd = topics.find((topic) => typeof topic !== 'string');
  if (odd !== undefined && typeof odd !== 'string') return odd;
  return { action, topics: topics.filter((topic) => typeof topic === 'string') };
}

function ruleOf(term: Term): CreateAccessRule | Problem {
  const [permissionTerm, whoTerm, ...rest] = itemsOf(term, 'tuple') ?? [];
  const permission = atomOf(permissionTerm);
  if ((permission !== 'allow' && permission !== 'deny') || whoTerm === undefined)
    return problem('is no rule that begins with allow or deny');
  const who = whoOf(whoTerm);
  if (typeof who !== 'string' && isProblem(who)) return who;
  const body = bodyOf(rest);
  if (isProblem(body)) return body;
  return { permission, who, ...body, comment: 'EMQX acl.conf' };
}

/**
 * Reads `acl.conf` of EMQX 4.3, whose rules are asked from the top. Up to the last denial they are asked before a client's
 * own rules, for users of EMQX have none; what is allowed after it, `{allow, all}` most of all, takes nothing away
 * from what a client's own rules deny.
 */
export function readEmqxAclConf({ name, text }: ForeignFile): Foreign {
  const read = readTerms(text).map(({ line, term }) => ({
    at: `${name}:${line}`,
    rule: term === undefined ? problem('is no Erlang term of a rule') : ruleOf(term),
  }));
  const lastDenial = read.findLastIndex(({ rule }) => !isProblem(rule) && rule.permission === 'deny');
  return together(
    read.map(({ at, rule }, index) =>
      isProblem(rule)
        ? left(at, rule.problem)
        : { rules: [{ at, rule: { ...rule, phase: index <= lastDenial ? 'before' : 'after' } }] },
    ),
  );
}

/** Whether a file begins as `acl.conf` does: comments, then a tuple with `allow` or `deny`. */
export const isAclConf = (text: string): boolean => /^(?:\s|%[^\n]*\n)*\{\s*(?:allow|deny)\s*,/.test(text);
