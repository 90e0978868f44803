'use client';

import type { IPublishPacket } from 'mqtt';
import { useCallback, useEffect, useRef, useState } from 'react';
import {
  addMessages,
  EMPTY_LOG,
  fromMqttProperties,
  MESSAGE_LOG,
  type LoggedMessage,
  type MessageLog,
} from '@/lib/message-log';

/** Messages are shown so often a second at most, however many come. */
const SHOWN_EVERY_MS = 250;

let lastId = 0;

type Packet = Pick<IPublishPacket, 'topic' | 'qos' | 'retain' | 'properties'> & { readonly dup?: boolean };

/** A packet as the list keeps it. */
export const logged = (
  direction: LoggedMessage['direction'],
  packet: Packet,
  payload: Uint8Array,
): LoggedMessage => ({
  id: (lastId += 1),
  at: new Date().toISOString(),
  direction,
  topic: packet.topic,
  payload: payload.slice(0, MESSAGE_LOG.payloadBytesMax),
  payloadBytes: payload.length,
  qos: packet.qos,
  retain: packet.retain,
  dup: packet.dup === true,
  subscriptionIds: [packet.properties?.subscriptionIdentifier ?? []].flat(),
  properties: fromMqttProperties(packet.properties ?? {}),
});

/** Gathers what comes in between two drawings of the list. */
export function useMessageLog() {
  const [log, setLog] = useState<MessageLog>(EMPTY_LOG);
  const waiting = useRef<LoggedMessage[]>([]);
  useEffect(() => {
    const timer = setInterval(() => {
      const arrived = waiting.current;
      if (arrived.length === 0) return;
      waiting.current = [];
      setLog((before) => addMessages(before, arrived));
    }, SHOWN_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const add = useCallback((message: LoggedMessage) => {
    waiting.current.push(message);
    // More than the list holds would only be thrown away when it is drawn.
    if (waiting.current.length > MESSAGE_LOG.messagesMax) waiting.current.shift();
  }, []);
  const clear = useCallback(() => setLog(EMPTY_LOG), []);
  return { log, add, clear };
}
