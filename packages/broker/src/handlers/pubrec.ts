import { encodeAck } from '../protocol/acks.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import type { Handler } from './handler.ts';

/** PUBREC: the client has received a QoS 2 message; it is released next (MQTT 5.0 §3.5, [MQTT-4.3.3-4]). */
export const handlePubrec: Handler<'pubrec'> = (client, { packetId, reasonCode }) => {
  const entry = client.session.inflight(packetId);
  if (entry === undefined) {
    client.send(encodeAck('pubrel', packetId, client.version, ReasonCode.packetIdentifierNotFound));
    return;
  }
  if (entry.awaiting === 'puback') {
    client.disconnect(ReasonCode.protocolError, 'pubrec-for-qos-1');
    return;
  }
  if (reasonCode >= ReasonCode.unspecifiedError) {
    client.session.complete(packetId);
    return;
  }
  entry.awaiting = 'pubcomp';
  client.send(encodeAck('pubrel', packetId, client.version));
};
