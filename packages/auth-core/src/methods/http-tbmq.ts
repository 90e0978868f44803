import { DEFAULT_RULES } from '../acl/default-rules.ts';
import type { AclRule } from '../acl/rule.ts';
import { filterOfExpression } from '../acl/topic-expression.ts';
import {
  type Answered,
  badAnswer,
  headOf,
  type HttpReading,
  parsedObject,
  REDIRECTED,
  refusal,
} from './http-answer.ts';
import { ACL_RULES_MAX, type AclReading, TOPIC_CHARS_MAX } from './jwt-acl.ts';

/** What an answer without a `result` may say: anything else was not written for a broker. */
const MEMBERS: ReadonlySet<string> = new Set(['result', 'clientType', 'authRules']);

/**
 * Reads an answer as TBMQ does: any 2xx with `{result, clientType, authRules}`, where an empty body and an answer without
 * `result` are a yes (reference/tbmq.md §3.1). What TBMQ passes over is an error here, and so never admits: another status,
 * an unknown result, no JSON, rules that cannot be read (there: the default rules), and an object of something else.
 */
export function readByTbmq(answer: Answered): HttpReading {
  const { status, body } = answer;
  if (status >= 300 && status < 400) return badAnswer(answer, REDIRECTED);
  if (status < 200 || status >= 300) return badAnswer(answer, 'the status is none of 200 to 299');
  if (body === undefined) return badAnswer(answer, 'the body is longer than what is read');
  if (['', 'null'].includes(body.trim())) return yes(answer, DEFAULT_RULES);
  const said = parsedObject(body);
  if (said === undefined) return badAnswer(answer, 'the body is no JSON object');
  switch (resultOf(said)) {
    case 'SUCCESS':
      return granted(answer, said['authRules'] ?? undefined);
    case 'FAILURE':
      return refusal('deny', 'HTTP_DENIED', headOf(answer));
    case 'SKIPPED':
      return refusal('ignore', 'HTTP_IGNORED', headOf(answer));
    default:
      return badAnswer(answer, 'result is none of success, failure and skipped');
  }
}

/** In whatever case it is written, as there. */
function resultOf(said: Readonly<Record<string, unknown>>): string | undefined {
  const { result } = said;
  if (typeof result === 'string') return result.toUpperCase();
  const isAnswer = Object.keys(said).every((name) => MEMBERS.has(name));
  return (result === undefined || result === null) && isAnswer ? 'SUCCESS' : undefined;
}

const yes = (answer: Answered, rules: readonly AclRule[]): HttpReading => ({
  says: 'yes',
  grant: { superuser: false, rules, expiresAt: undefined },
  detail: headOf(answer),
});

function granted(answer: Answered, authRules: unknown): HttpReading {
  if (authRules === undefined) return yes(answer, DEFAULT_RULES);
  const read = rulesOf(authRules);
  return read.rules === undefined ? badAnswer(answer, `authRules: ${read.problem}`) : yes(answer, read.rules);
}

const LISTS = [
  ['pubAuthRulePatterns', 'publish'],
  ['subAuthRulePatterns', 'subscribe'],
] as const;

/** Both lists of expressions; one that is not there allows nothing, as an empty one. */
function rulesOf(authRules: unknown): AclReading {
  if (typeof authRules !== 'object' || authRules === null || Array.isArray(authRules))
    return { problem: 'no object with two lists' };
  const lists = new Map<string, unknown>(Object.entries(authRules));
  const rules: AclRule[] = [];
  for (const [name, action] of LISTS) {
    const list = lists.get(name) ?? [];
    if (!Array.isArray(list)) return { problem: `${name} is no list of expressions` };
    if (list.length > ACL_RULES_MAX) return { problem: `more than ${ACL_RULES_MAX} rules` };
    for (const expression of list as readonly unknown[]) {
      const topic =
        typeof expression === 'string' && expression.length <= TOPIC_CHARS_MAX
          ? filterOfExpression(expression, action)
          : undefined;
      if (topic === undefined) return { problem: `${name}: an expression says what no topic filter says` };
      rules.push({ permission: 'allow', action, topic });
    }
  }
  return { rules };
}
