import type { AclRule } from '@gatehouse/auth-core';

/** Stored JSON as what it stands for, or in words why it does not. Never the stored text itself. */
export type Parsed<T> =
  { readonly value: T; readonly problem: null } | { readonly value: null; readonly problem: string };

const KEYS: ReadonlySet<string> = new Set(['permission', 'action', 'topic', 'literal']);

/** The rules of a record: one that is not exactly a rule makes all unreadable, for a rule left out would grant more. */
export function parseRules(json: string): Parsed<readonly AclRule[]> {
  const items = parseList(json, 'rules');
  if (items.value === null) return items;
  const wrong = items.value.findIndex((item) => !isRule(item));
  return wrong === -1
    ? { value: items.value as readonly AclRule[], problem: null }
    : unreadable(`rule ${wrong + 1} is no rule`);
}

export function parseTags(json: string): Parsed<readonly string[]> {
  const items = parseList(json, 'tags');
  if (items.value === null) return items;
  return items.value.every((item) => typeof item === 'string')
    ? { value: items.value, problem: null }
    : unreadable('a tag is no text');
}

/** What a record grants beside being let in. */
export interface StoredGrant {
  readonly rules: readonly AclRule[];
  /** Absent: none. */
  readonly tags?: readonly string[];
}

/** Rules and tags of a record. A global rule may deny by tag: one that cannot be read must not open anything. */
export function parseGrant(rulesJson: string, tagsJson: string): Parsed<StoredGrant> {
  const rules = parseRules(rulesJson);
  if (rules.value === null) return rules;
  const tags = parseTags(tagsJson);
  if (tags.value === null) return tags;
  const { value } = tags;
  return {
    value: { rules: rules.value, ...(value.length === 0 ? {} : { tags: value }) },
    problem: null,
  };
}

function parseList(json: string, what: string): Parsed<readonly unknown[]> {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? { value, problem: null } : unreadable(`the ${what} are no list`);
  } catch {
    return unreadable(`the ${what} are not JSON`);
  }
}

const unreadable = (problem: string) => ({ value: null, problem });

function isRule(item: unknown): item is AclRule {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
  const rule: Readonly<Record<string, unknown>> = { ...item };
  return (
    Object.keys(rule).every((key) => KEYS.has(key)) &&
    (rule['permission'] === 'allow' || rule['permission'] === 'deny') &&
    (rule['action'] === 'publish' || rule['action'] === 'subscribe' || rule['action'] === 'all') &&
    typeof rule['topic'] === 'string' &&
    rule['topic'] !== '' &&
    (rule['literal'] === undefined || typeof rule['literal'] === 'boolean')
  );
}
