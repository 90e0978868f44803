import type { PublishOutcome, ServerMessage } from '@gatehouse/ports';
import type { BrokerContext } from '../context.ts';
import { Framer } from '../protocol/framing.ts';
import { encodePublish, readPublish } from '../protocol/publish.ts';
import { isTopicName } from '../protocol/topic.ts';
import { publishMessage } from '../router/publish.ts';
import { encodeProperties } from './message-properties.ts';

type PublishContext = Pick<BrokerContext, 'limits' | 'clock' | 'retained' | 'router' | 'counters' | 'peers'>;

/**
 * Publishes as the server itself, whose client ID is empty. The message is written and read again, so that what holds
 * for a client's PUBLISH holds for it.
 */
export function publishAsServer(context: PublishContext, message: ServerMessage): PublishOutcome {
  const { limits } = context;
  const { topic, qos, retain } = message;
  if (!isTopicName(topic, limits) || topic.startsWith('$')) return { outcome: 'bad-topic' };
  const { expirySeconds } = message.properties;
  const properties = encodeProperties(message.properties);
  const payload = Buffer.from(message.payload);
  // At QoS 0, which needs no packet id.
  const { bytes } = encodePublish({ topic, qos: 0, retain, payload, properties, expirySeconds }, 5);
  const framer = new Framer(limits.packetBytesMax);
  framer.push(bytes);
  const frame = framer.next();
  if (frame === undefined || 'kind' in frame)
    return { outcome: 'too-large', bytesMax: limits.packetBytesMax };
  const packet = readPublish(frame, 5, limits.userPropertiesMax);
  if ('what' in packet) return { outcome: 'bad-message', what: packet.what };
  const result = publishMessage(context, { ...packet, qos, publisher: '' });
  return result === 'retained-full'
    ? { outcome: 'retained-full' }
    : { outcome: 'published', receivers: result.receivers };
}
