import { filterOfExpression } from '@gatehouse/auth-core';
import type { ImportRowInput } from '@gatehouse/contract';
import { isTree } from './tree.ts';

/** Of TBMQ's two lists; absent: as the default rules say. */
export type Topics = Pick<ImportRowInput, 'publish' | 'subscribe'>;

/** Expressions over topics are no rules here (ADR 0025): only those that say what a topic filter says are taken. */
function topicsOfList(list: unknown, action: 'publish' | 'subscribe'): readonly string[] | string {
  if (!Array.isArray(list)) return 'its rules are not lists of expressions';
  const topics: string[] = [];
  for (const pattern of list as readonly unknown[]) {
    if (typeof pattern !== 'string') return 'its rules are not lists of expressions';
    const topic = filterOfExpression(pattern, action);
    if (topic === undefined)
      return 'has a rule that is a regular expression over topics, which is no topic filter: write it as filters after the import, or in TBMQ as .* first';
    topics.push(topic);
  }
  return topics;
}

/** `authRules`: none at all allows everything; a list that is empty, or not there, nothing. */
export function topicsOfRules(rules: unknown): Topics | string {
  if (rules === undefined || rules === null) return {};
  if (!isTree(rules)) return 'its rules are not lists of expressions';
  const publish = topicsOfList(rules['pubAuthRulePatterns'] ?? [], 'publish');
  const subscribe = topicsOfList(rules['subAuthRulePatterns'] ?? [], 'subscribe');
  if (typeof publish === 'string') return publish;
  return typeof subscribe === 'string' ? subscribe : { publish: [...publish], subscribe: [...subscribe] };
}
