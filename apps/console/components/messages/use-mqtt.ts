'use client';

import type { MqttClient } from 'mqtt';
import { useCallback, useEffect, useRef, useState } from 'react';
import { showToast } from '@/components/ui/toast';
import { problemOf } from '@/lib/api';
import { useProblemTitle } from '@/lib/use-problem-title';
import { useText } from '@/lib/i18n';
import type { ConnectDraft } from './connect-draft';
import type { OutgoingMessage } from './draft';
import { openClient, watchClient, type Connection } from './open-client';
import { asAsked, toSubscribeOptions, type Subscription } from './subscription';
import { logged, useMessageLog } from './use-message-log';
import type { Version } from './values';

type Add = ReturnType<typeof useMessageLog>['add'];

/** The connection of the page, which goes when the page does. */
function useConnection(add: Add, onClosed: () => void) {
  const titleOf = useProblemTitle();
  const [connection, setConnection] = useState<Connection>({ tag: 'idle' });
  const client = useRef<MqttClient | null>(null);
  const isGone = useRef(false);

  /** `abruptly`: without a word of goodbye, so that the will is sent. */
  const close = useCallback(
    (abruptly: boolean) => {
      client.current?.end(abruptly);
      client.current = null;
      onClosed();
    },
    [onClosed],
  );
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      close(true);
    };
  }, [close]);

  const connect = useCallback(
    async (draft: ConnectDraft) => {
      setConnection({ tag: 'connecting' });
      try {
        const opened = await openClient(draft);
        const made = opened.client;
        client.current = made;
        made.on('message', (_topic, payload, packet) => add(logged('in', packet, payload)));
        watchClient(opened, draft.version, (next) => {
          if (client.current !== made) return;
          if (next.tag !== 'online') close(true);
          setConnection(next);
        });
        if (isGone.current) close(true);
      } catch (error) {
        setConnection({ tag: 'ended', problem: titleOf(problemOf(error)), code: null });
      }
    },
    [add, close, titleOf],
  );

  const disconnect = useCallback(() => {
    close(false);
    setConnection({ tag: 'idle' });
  }, [close]);

  return { connection, client, connect, disconnect };
}

/** An MQTT client in the page. */
export function useMqtt() {
  const t = useText('messages');
  const [heard, setHeard] = useState<readonly Subscription[]>([]);
  const { log, add, clear } = useMessageLog();
  const forget = useCallback(() => setHeard([]), []);
  const { connection, client, connect, disconnect } = useConnection(add, forget);
  const version: Version = connection.tag === 'online' ? connection.version : 5;

  const refused = (error: unknown): void => {
    showToast({ tone: 'bad', text: t('refused'), detail: error instanceof Error ? error.message : '' });
  };

  /** Whether the broker took it. */
  const subscribe = async (draft: Subscription): Promise<boolean> => {
    const asked = asAsked(draft, version);
    const granted = await client.current
      ?.subscribeAsync(asked.filter, toSubscribeOptions(asked, version))
      .catch(refused);
    if (granted === undefined) return false;
    setHeard((before) => [...before.filter((one) => one.filter !== asked.filter), asked]);
    return true;
  };

  const unsubscribe = async (filter: string): Promise<void> => {
    await client.current?.unsubscribeAsync(filter).catch(refused);
    setHeard((before) => before.filter((one) => one.filter !== filter));
  };

  const publish = async ({ topic, payload, ...options }: OutgoingMessage): Promise<void> => {
    const sent = await client.current
      // MQTT.js has Node's Buffer in mind; in a browser these bytes are what it writes.
      ?.publishAsync(topic, payload as Buffer, options)
      .then(() => true)
      .catch(refused);
    if (sent === true) add(logged('out', { topic, ...options }, payload));
  };

  return { connection, version, heard, log, connect, disconnect, subscribe, unsubscribe, publish, clear };
}

export type Mqtt = ReturnType<typeof useMqtt>;
