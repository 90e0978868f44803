import type { Clock } from '@gatehouse/ports';
import type { IPublishPacket, Packet } from 'mqtt-packet';
import { LIMITS } from '../../src/config.ts';
import { Journal } from '../../src/journal/journal.ts';
import type { Copy, Message } from '../../src/router/message.ts';

/** A PUBLISH with defaults: QoS 0 of `x` to `t`. */
export const message = (fields: Partial<IPublishPacket> = {}): IPublishPacket => ({
  cmd: 'publish',
  topic: 't',
  payload: 'x',
  qos: 0,
  dup: false,
  retain: false,
  ...(fields.qos === undefined || fields.qos === 0 ? {} : { messageId: 1 }),
  ...fields,
});

/** The payloads of the PUBLISH packets among these, as text. */
export const payloads = (packets: readonly Packet[]): string[] =>
  packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.payload.toString()] : []));

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A journal that was not opened: nothing is durable, nothing waits. */
export const closedJournal = (clock: Clock): Journal => new Journal({ clock, log: silent, limits: LIMITS });

/** What a receiver at QoS 1 gets. */
export const copyOf = (content: Message): Copy => ({
  message: content,
  qos: 1,
  retain: false,
  subscriptionIds: [],
});
