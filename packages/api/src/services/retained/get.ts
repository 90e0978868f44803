import { isTopicName } from '@gatehouse/auth-core';
import type { RetainedMessageDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { presentRetainedMessage } from '../../present/message.ts';
import { invalidField, ProblemError } from '../../problem.ts';

/** @throws a 400 about `topic` */
export const checkTopic = (topic: string): void => {
  if (!isTopicName(topic)) throw invalidField('topic', 'is no topic name: it has no wildcards');
};

export const getRetained = async (ctx: Context, topic: string): Promise<RetainedMessageDto> => {
  authorize(ctx, 'messages:read');
  checkTopic(topic);
  const message = await ctx.house.dataPlane.getRetained(topic);
  if (message === null) throw new ProblemError('not-found');
  return presentRetainedMessage(message);
};
