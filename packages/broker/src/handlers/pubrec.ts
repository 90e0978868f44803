import { ReasonCode } from '../protocol/reason-codes.ts';
import { acknowledge } from './acknowledge.ts';
import type { Handler } from './handler.ts';

/** PUBREC: the client has received a QoS 2 message; it is released next (MQTT 5.0 §3.5, [MQTT-4.3.3-4]). */
export const handlePubrec: Handler<'pubrec'> = (client, { packetId, reasonCode }, { journal }) => {
  const { outgoing } = client.session;
  const entry = outgoing.inflight(packetId);
  if (entry === undefined) {
    client.answer(acknowledge(client, 'pubrel', packetId, ReasonCode.packetIdentifierNotFound), 0);
    return;
  }
  if (entry.awaiting === 'puback') {
    client.disconnect(ReasonCode.protocolError, 'pubrec-for-qos-1');
    return;
  }
  if (reasonCode >= ReasonCode.unspecifiedError) {
    outgoing.complete(packetId);
    return;
  }
  const { position } = journal;
  outgoing.received(packetId);
  client.answer(acknowledge(client, 'pubrel', packetId, ReasonCode.success), journal.since(position));
};
