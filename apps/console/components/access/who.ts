import type { AccessRuleDto, AccessWhoDto } from '@gatehouse/contract';

export const CONDITION_KINDS = ['username', 'clientId', 'ip', 'tag', 'cn'] as const;
type ConditionKind = (typeof CONDITION_KINDS)[number];

/** A condition as a form has it. */
export interface Condition {
  readonly kind: ConditionKind;
  readonly value: string;
}

export const MATCHES = ['everyone', 'and', 'or'] as const;
type Match = (typeof MATCHES)[number];

/** Whom a rule is about, as a form has it; undefined: it says more than the form can. */
export interface WhoDraft {
  readonly match: Match;
  readonly conditions: readonly Condition[];
}

/** One condition of the API as kind and value. */
export function conditionOf(condition: Readonly<Record<string, unknown>>): Condition | undefined {
  const kind = CONDITION_KINDS.find((one) => one in condition);
  const value = kind === undefined ? undefined : condition[kind];
  return kind === undefined || typeof value !== 'string' ? undefined : { kind, value };
}

export function draftOf(who: AccessWhoDto): WhoDraft | undefined {
  if (who === 'all') return { match: 'everyone', conditions: [] };
  if ('and' in who) return { match: 'and', conditions: who.and.flatMap((one) => conditionOf(one) ?? []) };
  if (!('or' in who)) return { match: 'and', conditions: [conditionOf(who) ?? []].flat() };
  const conditions = who.or.flatMap((one) => ('and' in one ? [] : (conditionOf(one) ?? [])));
  return conditions.length === who.or.length ? { match: 'or', conditions } : undefined;
}

/** What the API is sent; one condition needs no list. */
export function whoOf({ match, conditions }: WhoDraft): unknown {
  if (match === 'everyone') return 'all';
  const all = conditions.map(({ kind, value }) => ({ [kind]: value }));
  const [only] = all;
  return all.length === 1 ? only : { [match]: all };
}

export interface MovePlace {
  readonly phase: AccessRuleDto['phase'];
  readonly index: number;
}

/** Where a rule goes that is moved one place up or down; past its phase's end it is in the other. Undefined: nowhere. */
export function nextPlace(
  { phase, index }: Pick<AccessRuleDto, 'phase' | 'index'>,
  by: 'up' | 'down',
  counts: Readonly<Record<AccessRuleDto['phase'], number>>,
): MovePlace | undefined {
  if (by === 'up') {
    if (index > 0) return { phase, index: index - 1 };
    return phase === 'after' ? { phase: 'before', index: counts.before } : undefined;
  }
  if (index < counts[phase] - 1) return { phase, index: index + 1 };
  return phase === 'before' ? { phase: 'after', index: 0 } : undefined;
}
