import type { AccessRuleDto, accessRulesQuery, AccessRulesPageDto } from '@gatehouse/contract';
import { InvalidCursorError } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentAccessRules } from '../../present/access-rule.ts';
import { ProblemError } from '../../problem.ts';
import { RULES_PATH, rulesInForce } from './rules.ts';

const fits = (rule: AccessRuleDto, search: string | undefined): boolean =>
  search === undefined ||
  [...rule.topics, JSON.stringify(rule.who), rule.comment].some((text) =>
    text.toLowerCase().includes(search.toLowerCase()),
  );

/** The place of the first item in the whole list. */
const startOf = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  if (!/^from-\d{1,9}$/.test(cursor)) throw new InvalidCursorError('the cursor cannot be read');
  return Number(cursor.slice('from-'.length));
};

/** There are few enough that all are read: their order is what the list is about. */
export const listAccessRules = async (
  ctx: Context,
  { search, limit, cursor }: z.output<typeof accessRulesQuery>,
): Promise<AccessRulesPageDto> => {
  authorize(ctx, 'access:read');
  const { auth } = ctx.house;
  const start = startOf(cursor);
  const found = presentAccessRules(await rulesInForce(ctx.house)).filter((rule) => fits(rule, search));
  const end = start + limit;
  return {
    items: found.slice(start, end),
    next: end < found.length ? `from-${end}` : null,
    prev: start > 0 ? `from-${Math.max(0, start - limit)}` : null,
    total: found.length,
    totalIsExact: true,
    noMatch: auth.access.noMatch,
    denyAction: auth.access.denyAction,
    declaredAt: auth.declared.rules === undefined ? null : auth.declared.where(RULES_PATH),
  };
};

export const getAccessRule = async (ctx: Context, id: string): Promise<AccessRuleDto> => {
  authorize(ctx, 'access:read');
  const found = presentAccessRules(await rulesInForce(ctx.house)).find((rule) => rule.id === id);
  if (found === undefined) throw new ProblemError('not-found');
  return found;
};
