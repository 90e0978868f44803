import { ReasonCode } from '../protocol/reason-codes.ts';
import type { Handler } from './handler.ts';

/** PUBACK: the client has a QoS 1 message (MQTT 5.0 §3.4). An unknown packet id may be a late answer and is ignored. */
export const handlePuback: Handler<'puback'> = (client, { packetId }) => {
  const entry = client.session.outgoing.inflight(packetId);
  if (entry === undefined) return;
  if (entry.awaiting !== 'puback') {
    client.disconnect(ReasonCode.protocolError, 'puback-for-qos-2');
    return;
  }
  client.session.outgoing.complete(packetId);
};
