import { ReasonCode } from '../protocol/reason-codes.ts';
import { acknowledgeFilters } from './acknowledge.ts';
import type { Handler } from './handler.ts';

/** UNSUBSCRIBE (MQTT 3.1.1 §3.10, 5.0 §3.10): filters are compared character by character ([MQTT-3.10.4-1]). */
export const handleUnsubscribe: Handler<'unsubscribe'> = (client, packet, { router, journal }) => {
  const { position } = journal;
  const codes = packet.unsubscriptions.map((filter) =>
    router.unsubscribe(client.session, filter) ? ReasonCode.success : ReasonCode.noSubscriptionExisted,
  );
  const unsuback = acknowledgeFilters(client, 'unsuback', packet.messageId, codes);
  client.answer(unsuback, journal.since(position));
};
