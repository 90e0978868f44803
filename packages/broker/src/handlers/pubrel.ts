import { ReasonCode } from '../protocol/reason-codes.ts';
import { acknowledge } from './acknowledge.ts';
import type { Handler } from './handler.ts';

/** PUBREL: the client releases a packet id of QoS 2 (MQTT 5.0 §3.6, [MQTT-4.3.3-11]). */
export const handlePubrel: Handler<'pubrel'> = (client, { packetId }, { journal }) => {
  const { position } = journal;
  const known = client.session.release(packetId);
  const code = known ? ReasonCode.success : ReasonCode.packetIdentifierNotFound;
  client.answer(acknowledge(client, 'pubcomp', packetId, code), journal.since(position));
};
