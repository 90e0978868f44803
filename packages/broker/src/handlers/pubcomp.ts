import { ReasonCode } from '../protocol/reason-codes.ts';
import type { Handler } from './handler.ts';

/** PUBCOMP: a QoS 2 message is done (MQTT 5.0 §3.7). An unknown packet id may be a late answer and is ignored. */
export const handlePubcomp: Handler<'pubcomp'> = (client, { packetId }) => {
  const entry = client.session.outgoing.inflight(packetId);
  if (entry === undefined) return;
  if (entry.awaiting !== 'pubcomp') {
    client.disconnect(ReasonCode.protocolError, 'pubcomp-before-pubrel');
    return;
  }
  client.session.outgoing.complete(packetId);
};
