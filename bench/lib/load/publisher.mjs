// A publisher that keeps a window of messages under way, or sends when it is told to.
import { PUBACK, PUBCOMP, PUBREC, PUBREL, nowMicros, publishBlock } from './packets.mjs';
import { Client } from './client.mjs';

const PACKET_ID_MAX = 65_535;

export class Publisher {
  sent = 0;
  acked = 0;
  /** How often messages of this publisher came out, over all subscribers. */
  delivered = 0;
  #client;
  #block;
  #packetId = 0;
  #touch;

  /**
   * @param {object} options
   * @param {number} options.port
   * @param {string} options.topic
   * @param {0|1|2} options.qos
   * @param {number} options.payloadBytes
   * @param {number} options.index written into each message
   * @param {number} options.batchMax messages that one write carries at most
   * @param {(publisher: Publisher) => void} options.touch called when a message was acknowledged
   * @param {() => void} options.chunkEnd
   * @param {() => void} options.closed
   */
  constructor({ port, topic, qos, payloadBytes, index, batchMax, touch, chunkEnd, closed }) {
    this.#touch = touch;
    this.#block = publishBlock({ topic, qos, payloadBytes, publisher: index, count: batchMax });
    this.#client = new Client(port, {
      packet: (type, bytes, body) => this.#packet(type, bytes, body),
      chunkEnd,
      closed,
    });
  }

  open(connectPacket) {
    return this.#client.open(connectPacket);
  }

  end(last) {
    this.#client.end(last);
  }

  #packet(type, bytes, body) {
    if (type === PUBACK || type === PUBCOMP) {
      this.acked += 1;
      this.#touch(this);
    } else if (type === PUBREC) this.#client.acknowledge((PUBREL << 4) | 2, bytes, body);
  }

  /** Sends `count` messages in one write, at most `batchMax`. */
  send(count) {
    const { bytes: block, packetBytes, stampAt, idAt } = this.#block;
    const bytes = Buffer.allocUnsafe(count * packetBytes);
    block.copy(bytes, 0, 0, bytes.length);
    const now = nowMicros();
    for (let at = 0; at < bytes.length; at += packetBytes) {
      bytes.writeUInt32BE(now, at + stampAt);
      if (idAt < 0) continue;
      this.#packetId = this.#packetId === PACKET_ID_MAX ? 1 : this.#packetId + 1;
      bytes[at + idAt] = this.#packetId >> 8;
      bytes[at + idAt + 1] = this.#packetId & 0xff;
    }
    this.sent += count;
    this.#client.write(bytes);
  }
}
