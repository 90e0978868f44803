import type { publishBody } from '@gatehouse/contract';
import type { PublishOutcome } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { toProperties } from '../../present/message.ts';
import { invalidField, ProblemError } from '../../problem.ts';

const receiversOf = (outcome: PublishOutcome): number => {
  switch (outcome.outcome) {
    case 'published':
      return outcome.receivers;
    case 'retained-full':
      throw new ProblemError('limit-reached', {
        detail:
          'There is no room for another retained message (limits.retainedMax, limits.retainedBytesMax).',
      });
    case 'bad-topic':
      throw invalidField('topic', 'is no topic name within the limits, or begins with "$"');
    case 'too-large':
      throw invalidField('payload', `makes a packet of more than ${outcome.bytesMax} bytes`);
    case 'bad-message':
      throw invalidField('properties', `cannot be sent: ${outcome.what}`);
  }
};

/** Publishes one message as the server. The audit names topic and size, never the payload. */
export const publish = async (ctx: Context, body: z.output<typeof publishBody>) => {
  const actor = authorize(ctx, 'messages:publish');
  const { store, dataPlane } = ctx.house;
  const { topic, encoding, qos, retain } = body;
  const payload = Buffer.from(body.payload, encoding === 'base64' ? 'base64' : 'utf8');
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: 'message.publish',
      target: { kind: 'topic', id: topic, name: topic },
      after: { qos, retain, payloadBytes: payload.length },
    }),
  );
  const properties = toProperties(body.properties);
  return {
    receivers: receiversOf(await dataPlane.publishMessage({ topic, payload, qos, retain, properties })),
  };
};
