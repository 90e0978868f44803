import type { SourceHashRule } from '@gatehouse/auth-core';
import { isInvalid, parseHashRule, storedHashByRule } from '@gatehouse/hashing';

/** EMQX's words as a rule that reads records; undefined when they are none. */
export function hashRuleOf(text: string): SourceHashRule | undefined {
  const rule = parseHashRule(text);
  if (isInvalid(rule)) return undefined;
  return { name: text, read: (stored, salt) => storedHashByRule(rule, stored, salt) };
}
