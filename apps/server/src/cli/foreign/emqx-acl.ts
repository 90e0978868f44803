import { isTopicFilter } from '@gatehouse/auth-core';
import type { CreateAccessRule } from '@gatehouse/contract';
import { left, together, type Foreign } from './foreign.ts';
import { isTree, textOf, type Tree } from './tree.ts';

const ACTIONS = { pub: 'publish', sub: 'subscribe', pubsub: 'all' } as const;
/** In which order EMQX asks them. */
const TYPES = ['clientid', 'username', 'all'] as const;
type Type = (typeof TYPES)[number];

interface Entry {
  readonly at: string;
  readonly type: Type;
  readonly createdAt: number;
  readonly rule: CreateAccessRule;
}

const oneOf = <K extends string>(names: readonly K[], value: unknown): K | undefined =>
  names.find((name) => name === value);

function whoOf(type: Type, value: string | undefined): CreateAccessRule['who'] | undefined {
  if (type === 'all') return 'all';
  if (value === undefined) return undefined;
  return type === 'clientid' ? { clientId: value } : { username: value };
}

function entryOf(at: string, entry: Tree): Entry | string {
  const type = oneOf(TYPES, entry['type']);
  const action = oneOf(['pub', 'sub', 'pubsub'] as const, entry['action']);
  const permission = oneOf(['allow', 'deny'] as const, entry['access']);
  const topic = textOf(entry['topic']);
  const who = type === undefined ? undefined : whoOf(type, textOf(entry['type_value']));
  if (type === undefined || who === undefined)
    return 'it is about no client ID, no username, and not about all';
  if (action === undefined || permission === undefined) return 'its action or access is not one of EMQX 4.3';
  if (topic === undefined || !isTopicFilter(topic)) return 'its topic is no filter';
  // Placeholders of ours that are none in EMQX.
  if (/\$\{(?:username|clientid|cn)\}/.test(topic)) return 'its topic has what is a placeholder here';
  const createdAt = typeof entry['created_at'] === 'number' ? entry['created_at'] : 0;
  const rule = {
    phase: 'before',
    permission,
    who,
    action: ACTIONS[action],
    topics: [topic],
    comment: 'EMQX',
  } as const;
  return { at, type, createdAt, rule: { ...rule, topics: [topic] } };
}

/** `acl_mnesia` of `emqx_ctl data export`: by client ID, then by username, then for all, the newest first. */
export function readEmqxAcl(file: string, rules: unknown): Foreign {
  if (!Array.isArray(rules)) return together([left(`${file}, acl_mnesia`, 'is not a list')]);
  const entries: Entry[] = [];
  const problems: Partial<Foreign>[] = [];
  for (const [index, one] of rules.entries()) {
    const at = `${file}, acl_mnesia ${index + 1}`;
    const entry = isTree(one) ? entryOf(at, one) : 'is not an object';
    if (typeof entry === 'string') problems.push(left(at, entry));
    else entries.push(entry);
  }
  const inOrder = entries.toSorted(
    (a, b) => TYPES.indexOf(a.type) - TYPES.indexOf(b.type) || b.createdAt - a.createdAt,
  );
  return together([...problems, { rules: inOrder.map(({ at, rule }) => ({ at, rule })) }]);
}
