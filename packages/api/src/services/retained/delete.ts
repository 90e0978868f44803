import type { deleteRetainedQuery } from '@gatehouse/contract';
import type { RetainedTarget } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { notBusy } from '../../present/scan-page.ts';
import { ProblemError } from '../../problem.ts';
import { checkTopic } from './get.ts';
import { checkFilter } from './list.ts';

const targetOf = ({ topic, filter = '' }: z.output<typeof deleteRetainedQuery>): RetainedTarget => {
  if (topic === undefined) {
    checkFilter(filter);
    return { kind: 'filter', filter };
  }
  checkTopic(topic);
  return { kind: 'topic', topic };
};

/** Deletes the message of a topic, or all that a filter matches; noted before it is done. */
export const deleteRetained = async (ctx: Context, query: z.output<typeof deleteRetainedQuery>) => {
  const actor = authorize(ctx, 'messages:delete');
  const { store, dataPlane } = ctx.house;
  const target = targetOf(query);
  const name = target.kind === 'topic' ? target.topic : target.filter;
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: target.kind === 'topic' ? 'retained.delete' : 'retained.delete-many',
      target: { kind: target.kind, id: name, name },
    }),
  );
  const answer = notBusy(await dataPlane.deleteRetained(target));
  if (target.kind === 'topic' && answer.deleted === 0) throw new ProblemError('not-found');
  return answer;
};
