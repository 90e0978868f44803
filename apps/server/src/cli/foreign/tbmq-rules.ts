import { isTopicFilter } from '@gatehouse/auth-core';
import type { ImportRowInput } from '@gatehouse/contract';
import { isTree } from './tree.ts';

/** Of TBMQ's two lists; absent: as the default rules say. */
export type Topics = Pick<ImportRowInput, 'publish' | 'subscribe'>;

/** Allows everything. */
const EVERYTHING: ReadonlySet<string> = new Set(['.*', '^.*$']);

/** What in an expression is more than text; `${cn}` stands for the common name there as here. */
const SPECIAL = /[.*+?^$()|[\]{}]/;

/** The text that an expression stands for, where it stands for one. */
function literalOf(pattern: string): string | undefined {
  const rest = pattern.replace(/^\^/, '').replace(/\$$/, '');
  const plain = rest.replaceAll('${cn}', '').replace(/\\[^A-Za-z0-9]/g, '');
  return SPECIAL.test(plain) || plain.includes('\\') ? undefined : rest.replace(/\\(.)/g, '$1');
}

/**
 * Expressions over topics are no rules here (ADR 0025): only those that allow everything, and those that are one
 * topic written out, say something that a rule can.
 */
function topicsOfList(list: unknown): readonly string[] | string {
  if (!Array.isArray(list)) return 'its rules are not lists of expressions';
  const topics: string[] = [];
  for (const pattern of list as readonly unknown[]) {
    if (typeof pattern !== 'string') return 'its rules are not lists of expressions';
    const literal = EVERYTHING.has(pattern) ? '#' : literalOf(pattern);
    if (literal === undefined || !isTopicFilter(literal) || (literal !== '#' && /[+#]|%[uc]/.test(literal)))
      return 'has a rule that is a regular expression over topics, which is no topic filter: write it as filters after the import, or in TBMQ as .* first';
    topics.push(literal);
  }
  return topics;
}

/** `authRules`: none at all allows everything, an empty list nothing. */
export function topicsOfRules(rules: unknown): Topics | string {
  if (rules === undefined || rules === null) return {};
  if (!isTree(rules)) return 'its rules are not lists of expressions';
  const publish = topicsOfList(rules['pubAuthRulePatterns'] ?? ['.*']);
  const subscribe = topicsOfList(rules['subAuthRulePatterns'] ?? ['.*']);
  if (typeof publish === 'string') return publish;
  return typeof subscribe === 'string' ? subscribe : { publish: [...publish], subscribe: [...subscribe] };
}
