'use client';

import type { MessageSessionDto } from '@gatehouse/contract';
import type { IClientPublishOptions, IPublishPacket, MqttClient } from 'mqtt';
import { useCallback, useEffect, useRef, useState } from 'react';
import { showToast } from '@/components/ui/toast';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import {
  addMessages,
  EMPTY_LOG,
  fromMqttProperties,
  MESSAGE_LOG,
  type LoggedMessage,
  type MessageLog,
} from '@/lib/message-log';

type QoS = 0 | 1 | 2;

/** One filter that the client listens to. */
export interface Heard {
  readonly filter: string;
  readonly qos: QoS;
}

export type Connection =
  | { readonly tag: 'idle' }
  | { readonly tag: 'connecting' }
  | { readonly tag: 'online'; readonly session: MessageSessionDto }
  /** `problem`: what went wrong, in words; null when the ten minutes were over or the server closed. */
  | { readonly tag: 'ended'; readonly problem: string | null };

export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties: NonNullable<IClientPublishOptions['properties']>;
}

const CONNECT_MS_MAX = 10_000;
/** Messages are shown so often a second at most, however many come. */
const SHOWN_EVERY_MS = 250;
const RECEIVE_MAXIMUM = 50;

/** Where the console's server passes MQTT on to the broker. */
const address = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/mqtt`;

let lastId = 0;

const logged = (
  direction: LoggedMessage['direction'],
  packet: Pick<IPublishPacket, 'topic' | 'qos' | 'retain' | 'properties'>,
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
  properties: fromMqttProperties(packet.properties ?? {}),
});

/** Gathers what comes in between two drawings of the list. */
function useMessageLog() {
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

/** An MQTT 5 client in the page: connected with a credential of ten minutes that goes when the page does. */
export function useMqtt() {
  const t = useText('messages');
  const [connection, setConnection] = useState<Connection>({ tag: 'idle' });
  const [heard, setHeard] = useState<readonly Heard[]>([]);
  const { log, add, clear } = useMessageLog();
  const client = useRef<MqttClient | null>(null);

  const close = useCallback(() => {
    client.current?.end(true);
    client.current = null;
    setHeard([]);
  }, []);
  useEffect(() => close, [close]);

  const connect = useCallback(async () => {
    setConnection({ tag: 'connecting' });
    try {
      const [session, { default: mqtt }] = await Promise.all([
        api.post<MessageSessionDto>('/messages/session'),
        import('mqtt'),
      ]);
      const made = mqtt.connect(address(), {
        protocolVersion: 5,
        clientId: session.clientId,
        username: session.username,
        password: session.password,
        clean: true,
        reconnectPeriod: 0,
        connectTimeout: CONNECT_MS_MAX,
        // Its other timers live in a worker made of a blob, which the page's policy forbids.
        timerVariant: 'native',
        properties: { receiveMaximum: RECEIVE_MAXIMUM },
      });
      client.current = made;
      let problem: string | null = null;
      made.on('connect', () => setConnection({ tag: 'online', session }));
      made.on('message', (_topic, payload, packet) => add(logged('in', packet, payload)));
      made.on('error', (error) => (problem = error.message));
      made.on('close', () => {
        // The credential's time may not be over: it goes with the connection.
        void api.delete(`/messages/session/${session.id}`).catch(() => undefined);
        if (client.current !== made) return;
        close();
        setConnection({ tag: 'ended', problem });
      });
    } catch (error) {
      setConnection({ tag: 'ended', problem: problemOf(error).title });
    }
  }, [add, close]);

  const disconnect = useCallback(() => {
    close();
    setConnection({ tag: 'idle' });
  }, [close]);

  const refused = (error: unknown): void => {
    showToast({ tone: 'bad', text: t('refused'), detail: error instanceof Error ? error.message : '' });
  };

  const subscribe = async ({ filter, qos }: Heard): Promise<void> => {
    const granted = await client.current?.subscribeAsync(filter, { qos }).catch(refused);
    if (granted === undefined) return;
    setHeard((before) => [...before.filter((one) => one.filter !== filter), { filter, qos }]);
  };

  const unsubscribe = async (filter: string): Promise<void> => {
    await client.current?.unsubscribeAsync(filter).catch(refused);
    setHeard((before) => before.filter((one) => one.filter !== filter));
  };

  const publish = async ({ topic, payload, ...options }: OutgoingMessage): Promise<void> => {
    const sent = await client.current
      ?.publishAsync(topic, payload, options)
      .then(() => true)
      .catch(refused);
    if (sent === true) add(logged('out', { topic, ...options }, new TextEncoder().encode(payload)));
  };

  return { connection, heard, log, connect, disconnect, subscribe, unsubscribe, publish, clear };
}

export type Mqtt = ReturnType<typeof useMqtt>;
