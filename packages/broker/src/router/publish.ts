import type { BrokerContext } from '../context.ts';
import { createMessage, type Message, type MessageFields } from './message.ts';

type PublishContext = Pick<BrokerContext, 'clock' | 'retained' | 'router' | 'counters' | 'peers'>;

/** Publishes a will, or the server's own message; see `publishCreated`. */
export const publishMessage = (
  context: PublishContext,
  fields: MessageFields,
): { readonly receivers: number } | 'retained-full' =>
  publishCreated(context, createMessage(fields, context.clock));

/**
 * Publishes a message that was authorized. A retained message that finds no room is not delivered either, so that
 * subscribers of now and later see the same.
 */
export function publishCreated(
  { retained, router, counters, peers }: PublishContext,
  message: Message,
): { readonly receivers: number } | 'retained-full' {
  if (message.retain && !retained.set(message)) {
    counters.bounds.met(retained.fullest);
    counters.messages.drop('retainedFull');
    return 'retained-full';
  }
  return { receivers: (peers.current ?? router).publish(message) };
}
