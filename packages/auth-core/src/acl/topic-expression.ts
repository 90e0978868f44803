import type { AclAction } from './rule.ts';
import { isTopicFilter } from './topic.ts';

/** Everything, as TBMQ's own defaults write it. */
const EVERYTHING: ReadonlySet<string> = new Set(['.*', '.+']);

/** The parts that an expression may be made of: what ends a level, any one level, all the rest, and single characters. */
const PART =
  /(?<slash>\\?\/)|(?<one>\[\^\\?\/\][*+])|(?<rest>\.[*+])|\\(?<escaped>[^A-Za-z0-9])|(?<plain>[^.*+?^$()|[\]{}\\])/gu;

/** The names that TBMQ fills in, as rules call them here. */
const NAMES: readonly (readonly [theirs: string, ours: string])[] = [
  ['${cn}', '${cn}'],
  ['${clientId}', '${clientid}'],
];
/** Private-use characters stand for them while an expression is taken apart: no topic needs one. */
const markOf = (index: number): string => String.fromCharCode(0xe000 + index);
const PRIVATE_USE = /[\ue000-\uf8ff]/;
/** Plain text there, and a name here. */
const NAME_HERE = /%[uc]|\$\{/;

/**
 * The topic filter that says what a regular expression over topics says, as TBMQ's rules are written: it has to match the
 * whole topic that is published, or the whole text of the filter that is subscribed to. Undefined where no filter does
 * (ADR 0025). For what is published `plant/.*` is `plant/+/#`, as `plant/#` would be `plant` too; who may subscribe to the
 * text `plant/#` may have what it means. `[^/]+` is `+`, which an empty level meets besides.
 *
 * @example filterOfExpression('plant/[^/]+/state', 'publish') // 'plant/+/state'
 */
export function filterOfExpression(
  expression: string,
  action: Exclude<AclAction, 'all'>,
): string | undefined {
  if (PRIVATE_USE.test(expression)) return undefined;
  const whole = expression.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  if (EVERYTHING.has(whole)) return '#';
  const marked = NAMES.reduce((text, [theirs], index) => text.replaceAll(theirs, markOf(index)), whole);
  const plain = filterOfParts(marked, action);
  if (plain === undefined || NAME_HERE.test(plain)) return undefined;
  const filter = NAMES.reduce((text, [, ours], index) => text.replaceAll(markOf(index), ours), plain);
  return isTopicFilter(filter) ? filter : undefined;
}

function filterOfParts(expression: string, action: Exclude<AclAction, 'all'>): string | undefined {
  let filter = '';
  let read = 0;
  for (const { groups = {}, index, 0: part } of expression.matchAll(PART)) {
    const next = index + part.length;
    if (index !== read) return undefined;
    const piece = pieceOf(groups, {
      action,
      begins: filter === '' || filter.endsWith('/'),
      ends: /^(?:\\?\/|$)/.test(expression.slice(next)),
      last: next === expression.length,
    });
    if (piece === undefined) return undefined;
    filter += piece;
    read = next;
  }
  return read === expression.length ? filter : undefined;
}

/** Where a part stands: it begins a level, ends one, ends the whole. */
interface Place {
  readonly action: Exclude<AclAction, 'all'>;
  readonly begins: boolean;
  readonly ends: boolean;
  readonly last: boolean;
}

function pieceOf(
  { slash, one, rest, escaped, plain }: Readonly<Record<string, string | undefined>>,
  { action, begins, ends, last }: Place,
): string | undefined {
  if (slash !== undefined) return '/';
  if (one !== undefined) return begins && ends ? '+' : undefined;
  if (rest !== undefined) {
    if (!begins || !last) return undefined;
    return action === 'publish' ? '+/#' : '#';
  }
  const character = escaped ?? plain ?? '';
  // Where they are text, they are the wildcards of a filter that is subscribed to; nobody publishes to them.
  const isWildcard = character === '+' || character === '#';
  return isWildcard && (action === 'publish' || !begins || !ends) ? undefined : character;
}
