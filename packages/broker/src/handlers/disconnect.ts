import { ReasonCode } from '../protocol/reason-codes.ts';
import type { Handler } from './handler.ts';

/** DISCONNECT: the client takes its leave, with or without its will (MQTT 3.1.1 §3.14, 5.0 §3.14). */
export const handleDisconnect: Handler<'disconnect'> = (client, packet, { limits, registry, counters }) => {
  const { session } = client;
  const expirySeconds = packet.properties?.sessionExpiryInterval;
  if (expirySeconds !== undefined) {
    // MQTT 5.0 §3.14.2.2.2: a session that was to end with its connection cannot be prolonged now.
    if (session.expirySeconds === 0 && expirySeconds !== 0) {
      client.disconnect(ReasonCode.protocolError, 'session-expiry-prolonged');
      return;
    }
    if (expirySeconds > limits.sessionExpirySecondsMax) counters.bounds.met('sessionExpirySecondsMax');
    registry.setExpiry(session, Math.min(expirySeconds, limits.sessionExpirySecondsMax));
  }
  client.leave((packet.reasonCode ?? ReasonCode.success) !== ReasonCode.success);
};
