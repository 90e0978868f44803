import type { BrokerContext } from '../context.ts';
import { createMessage, type MessageFields } from './message.ts';

type PublishContext = Pick<BrokerContext, 'clock' | 'retained' | 'router' | 'counters'>;

/**
 * Publishes a message that was authorized: a client's, a will, or the server's own. A retained message that finds no
 * room is not delivered either, so that subscribers of now and later see the same.
 */
export function publishMessage(
  { clock, retained, router, counters }: PublishContext,
  fields: MessageFields,
): { readonly receivers: number } | 'retained-full' {
  const message = createMessage(fields, clock);
  if (message.retain && !retained.set(message)) {
    counters.bounds.met(retained.fullest);
    counters.messages.drop('retainedFull');
    return 'retained-full';
  }
  return { receivers: router.publish(message) };
}
