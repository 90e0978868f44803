import { createAccess, createRuleBook } from '@gatehouse/auth-core';
import type { AccessAnswerDto, tryAccessBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentDecidingRule } from '../../present/access-rule.ts';
import { type Own, ownRules } from './own-rules.ts';
import { currentAccessRules } from './rules.ts';

type Question = z.output<typeof tryAccessBody>;

/** Asks the open session of the client, or else what a stored credential would give it. */
export const tryAccess = async (ctx: Context, question: Question): Promise<AccessAnswerDto> => {
  authorize(ctx, 'access:read');
  const { clientId, action, topic, qos, retain } = question;
  const live = await ctx.house.dataPlane.askAccess({ clientId, action, topic, qos, retain });
  if (live !== null) {
    const { allowed, by, rule, ask } = live;
    return { allowed, by, rule: presentDecidingRule(rule), basis: 'session', asksSource: ask };
  }
  const own = await ownRules(ctx.house, question);
  const { allowed, by, rule } = await answer(ctx, question, own);
  return { allowed, by, rule: presentDecidingRule(rule), basis: own.basis, asksSource: false };
};

async function answer(
  { house }: Context,
  { clientId, username, ip, commonName, action, topic, qos, retain }: Question,
  { rules, superuser, tags }: Own,
) {
  const book = createRuleBook(await currentAccessRules(house), house.auth.access.noMatch);
  const subject = { username, clientId, commonName, superuser, ip, tags };
  const access = createAccess(rules, subject, { around: book.around(subject) });
  return action === 'publish' ? access.publish(topic, qos, retain) : access.subscribe(topic, qos);
}
