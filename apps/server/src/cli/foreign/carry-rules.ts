import { ACCESS_LIMITS, isTopicFilter } from '@gatehouse/auth-core';
import { createAccessRule, ENDPOINTS, type AccessRuleDto } from '@gatehouse/contract';
import type { ApiClient } from '../api-client.ts';
import type { ForeignRule, Leftover } from './foreign.ts';

/** Access rules that one page carries. */
const RULES_PAGE = 1_000;

/** What makes two rules the same, wherever they stand. */
const ruleKey = (rule: Pick<AccessRuleDto, 'permission' | 'who' | 'action' | 'topics'>): string =>
  JSON.stringify([rule.permission, rule.who, rule.action, rule.topics]);

async function existingRules(api: ApiClient) {
  const keys = new Set<string>();
  let count = 0;
  let cursor: string | undefined;
  for (;;) {
    const page = await api.call(ENDPOINTS.listAccessRules, { query: { limit: RULES_PAGE, cursor } });
    count += page.items.length;
    for (const rule of page.items) keys.add(ruleKey(rule));
    if (page.next === null) return { keys, count, declaredAt: page.declaredAt };
    cursor = page.next;
  }
}

/** What the API would have against a rule. */
function ruleProblem(rule: ForeignRule['rule'], declaredAt: string | null): string | undefined {
  if (declaredAt !== null) return `access rules are declared by the configuration: ${declaredAt}`;
  const parsed = createAccessRule.safeParse(rule);
  if (!parsed.success) return 'the name or the topic is longer than a rule takes';
  const odd = parsed.data.topics.find((topic) => !topic.startsWith('eq ') && !isTopicFilter(topic));
  return odd === undefined ? undefined : 'its topic is no filter';
}

interface Planned {
  readonly fresh: readonly ForeignRule[];
  readonly skipped: number;
  readonly errors: readonly Leftover[];
}

const full = (room: number): string =>
  `there may be ${ACCESS_LIMITS.rulesMax} access rules, and there is room for ${room} more`;

/** Which rules are to be made, which are there already, and which the API would refuse. */
export async function planRules(api: ApiClient, rules: readonly ForeignRule[]): Promise<Planned> {
  if (rules.length === 0) return { fresh: [], skipped: 0, errors: [] };
  const { keys, count, declaredAt } = await existingRules(api);
  const room = ACCESS_LIMITS.rulesMax - count;
  const fresh: ForeignRule[] = [];
  const errors: Leftover[] = [];
  let skipped = 0;
  for (const one of rules) {
    const message = ruleProblem(one.rule, declaredAt);
    if (message !== undefined) {
      errors.push({ at: one.at, message });
      continue;
    }
    const key = ruleKey(createAccessRule.parse(one.rule));
    if (keys.has(key)) skipped += 1;
    else if (fresh.length < room) fresh.push(one);
    else errors.push({ at: one.at, message: full(room) });
    keys.add(key);
  }
  return { fresh, skipped, errors };
}
