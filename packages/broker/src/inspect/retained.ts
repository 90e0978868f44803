import type {
  Clock,
  RetainedMessage,
  RetainedOrder,
  RetainedSummary,
  RetainedTarget,
} from '@gatehouse/ports';
import { createMessage, type Message } from '../router/message.ts';
import type { RetainedStore } from '../router/retained.ts';
import { INSPECT_BOUNDS } from './bounds.ts';
import { decodeProperties } from './message-properties.ts';
import { keyOf } from './keys.ts';
import { type Query, type ScanSource, visitAll } from './scan.ts';

/** The retained messages that a filter matches, as the tree is walked. */
export function retainedSource(retained: RetainedStore, filter: string): ScanSource<Message> {
  const walk = retained.walk(filter);
  return (count, visit) => {
    walk.advance(count, (message) => {
      visit(message);
      return true;
    });
    return !walk.done;
  };
}

/** The text that retained messages are put in order by. */
const KEY_OF: Readonly<Record<RetainedOrder, (message: Message) => string>> = {
  topic: ({ topic }) => topic,
  size: ({ payload, topic }) => keyOf(payload.length, topic),
  qos: ({ qos, topic }) => keyOf(qos, topic),
  updatedAt: ({ retainedAt, topic }) => keyOf(retainedAt, topic),
};

export const retainedQuery = (
  clock: Clock,
  order: RetainedOrder = 'topic',
): Query<Message, RetainedSummary> => ({
  keyOf: KEY_OF[order],
  matches: () => true,
  present: (message) => summaryOf(message, clock),
});

/** The retained message of one topic. */
export async function findRetained(
  retained: RetainedStore,
  topic: string,
  clock: Clock,
): Promise<RetainedMessage | null> {
  let found: Message | undefined;
  await visitAll(retainedSource(retained, topic), (message) => {
    found = message;
  });
  if (found === undefined) return null;
  return {
    ...summaryOf(found, clock),
    payload: copyOf(found.payload, INSPECT_BOUNDS.payloadBytesMax),
    properties: decodeProperties(found.properties),
  };
}

/** Removes what is retained; nobody is told, as nobody is when a message expires. */
export async function clearRetained(
  retained: RetainedStore,
  target: RetainedTarget,
  clock: Clock,
): Promise<{ readonly deleted: number; readonly complete: boolean }> {
  let deleted = 0;
  const filter = target.kind === 'topic' ? target.topic : target.filter;
  const complete = await visitAll(retainedSource(retained, filter), ({ topic }) => {
    retained.set(emptyMessage(topic, clock));
    deleted += 1;
  });
  return { deleted, complete };
}

/** [MQTT-3.3.1-6] an empty payload removes what is retained. */
const emptyMessage = (topic: string, clock: Clock): Message =>
  createMessage(
    {
      topic,
      payload: Buffer.alloc(0),
      qos: 0,
      retain: true,
      properties: Buffer.alloc(0),
      publisher: '',
      expirySeconds: undefined,
    },
    clock,
  );

const summaryOf = (
  { topic, qos, publisher, payload, expiresAt, retainedAt }: Message,
  clock: Clock,
): RetainedSummary => ({
  topic,
  qos,
  publisher,
  payloadBytes: payload.length,
  preview: copyOf(payload, INSPECT_BOUNDS.previewBytesMax),
  updatedAt: retainedAt === 0 ? null : retainedAt,
  expiresInSeconds:
    expiresAt === undefined ? null : Math.max(0, Math.ceil((expiresAt - clock.monotonic()) / 1_000)),
});

/** Bytes of its own: a view would take the memory it looks into along to the other thread. */
const copyOf = (payload: Buffer, bytesMax: number): Uint8Array =>
  Uint8Array.from(payload.subarray(0, bytesMax));
