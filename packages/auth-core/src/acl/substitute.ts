import type { AclRule } from './rule.ts';
import { isTopicFilter, type Levels, levelsOf } from './topic.ts';

/** Who a rule is applied to: what its placeholders stand for. */
export interface AclSubject {
  readonly username: string | undefined;
  readonly clientId: string;
  /** Common name of the client's certificate. */
  readonly commonName: string | undefined;
  readonly superuser: boolean;
  /** Where it is connected from; undefined: not known just now. */
  readonly ip?: string | undefined;
  /** Tags of the credential that admitted it. */
  readonly tags?: readonly string[] | undefined;
}

/** The topics a rule is about, once its placeholders are known. */
export type RuleScope =
  | { readonly kind: 'filter'; readonly levels: Levels }
  /** `eq`: this text and no other. */
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'everything' }
  | { readonly kind: 'nothing' };

const PLACEHOLDER = /%u|%c|\$\{(?:username|clientid|cn)\}/g;

/** Whether a rule is about other topics for another subject. */
export const hasPlaceholder = ({ topic, literal }: AclRule): boolean =>
  literal !== true && topic.search(PLACEHOLDER) >= 0;

/** What placeholders stand for. */
type Names = Pick<AclSubject, 'username' | 'clientId' | 'commonName'>;

const valueOf = (placeholder: string, subject: Names): string | undefined => {
  switch (placeholder) {
    case '%u':
    case '${username}':
      return subject.username;
    case '%c':
    case '${clientid}':
      return subject.clientId;
    default:
      return subject.commonName;
  }
};

/**
 * Resolves a rule's topic for a subject. Each placeholder stands for literal text within its level; an absent or empty
 * value and one with `+`, `#` or `/` refuses: an allow rule is then about nothing, and a deny rule about everything
 * that it might have been about (auth.md §7).
 */
export function scopeOf({ permission, topic, literal }: AclRule, subject: AclSubject): RuleScope {
  if (literal === true) return { kind: 'literal', text: topic };
  const closed: RuleScope = { kind: permission === 'allow' ? 'nothing' : 'everything' };
  // A rule that is no filter was let in by no check of ours: it must not open anything, nor leave anything open.
  if (!isTopicFilter(topic)) return closed;
  const levels: string[] = [];
  for (const [index, pattern] of levelsOf(topic).entries()) {
    const level = fillLevel(pattern, subject);
    if (level === undefined || (permission === 'allow' && isForgedDollar(index, pattern, level))) {
      return closed.kind === 'nothing' || index === 0 ? closed : { kind: 'filter', levels: [...levels, '#'] };
    }
    levels.push(level);
  }
  return { kind: 'filter', levels };
}

/** What no level contains, and so marks one whose value refused. */
const REFUSED = '/';

/** One level with its placeholders replaced in a single pass; undefined when a value refuses. */
export function fillLevel(pattern: string, subject: Names): string | undefined {
  const level = pattern.replaceAll(PLACEHOLDER, (placeholder) => {
    const value = valueOf(placeholder, subject);
    return value === undefined || value === '' || /[+#/]/.test(value) ? REFUSED : value;
  });
  return level.includes(REFUSED) ? undefined : level;
}

/** A client that calls itself `$SYS` must not turn the rule `%c/#` into one about the broker's own topics. */
const isForgedDollar = (index: number, pattern: string, level: string): boolean =>
  index === 0 && level.startsWith('$') && level !== pattern;
