import type { AclRule } from '@gatehouse/auth-core';

const DENY = '!';
const LITERAL = 'eq ';

/** `!` denies, `eq ` takes the topic literally; in this order. */
const ruleText = (rule: AclRule): string =>
  `${rule.permission === 'deny' ? DENY : ''}${rule.literal === true ? LITERAL : ''}${rule.topic}`;

/** The rules of one action as an import reads them back. */
export const topicTexts = (rules: readonly AclRule[], action: 'publish' | 'subscribe'): string[] =>
  rules.filter((rule) => rule.action === action || rule.action === 'all').map(ruleText);

const ruleOf = (text: string, action: 'publish' | 'subscribe'): AclRule => {
  const denies = text.startsWith(DENY);
  const rest = denies ? text.slice(DENY.length) : text;
  const literal = rest.startsWith(LITERAL);
  return {
    permission: denies ? 'deny' : 'allow',
    action,
    topic: literal ? rest.slice(LITERAL.length) : rest,
    ...(literal ? { literal } : {}),
  };
};

/** Undefined when neither list is given: the default rules then apply. */
export const rulesFromTopics = (
  publish: readonly string[] | undefined,
  subscribe: readonly string[] | undefined,
): readonly AclRule[] | undefined =>
  publish === undefined && subscribe === undefined
    ? undefined
    : [
        ...(publish ?? []).map((text) => ruleOf(text, 'publish')),
        ...(subscribe ?? []).map((text) => ruleOf(text, 'subscribe')),
      ];
