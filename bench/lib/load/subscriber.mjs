// A subscriber that acknowledges what it gets, and tells whose message it was and when that was sent.
import { Client } from './client.mjs';
import { PUBACK, PUBCOMP, PUBLISH, PUBREC, PUBREL, afterTopic } from './packets.mjs';

/**
 * @param {object} options
 * @param {number} options.port
 * @param {(publisher: number, sentMicros: number) => void} options.message
 * @param {() => void} [options.chunkEnd]
 * @param {() => void} options.closed
 */
export function createSubscriber({ port, message, chunkEnd, closed }) {
  const client = new Client(port, {
    packet(type, bytes, body, start) {
      if (type === PUBLISH) {
        const qos = (bytes[start] >> 1) & 3;
        let at = afterTopic(bytes, body);
        if (qos > 0) {
          client.acknowledge((qos === 1 ? PUBACK : PUBREC) << 4, bytes, at);
          at += 2;
        }
        message(bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4));
      } else if (type === PUBREL) client.acknowledge(PUBCOMP << 4, bytes, body);
    },
    chunkEnd,
    closed,
  });
  return client;
}
