// One MQTT connection of the generator: the handshake here, what happens afterwards in the handler.
import { connect } from 'node:net';
import { CONNACK, SUBACK, collectAck, subscribePacket, takeAcks } from './packets.mjs';
import { PacketReader } from './reader.mjs';

const READ_BYTES = 1 << 18;
/** All sockets read into it: what was read is used up before the next read. */
const readBuffer = Buffer.allocUnsafe(READ_BYTES);
const ANSWER_MS_MAX = 30_000;

/**
 * @typedef {object} Handler
 * @property {(type: number, bytes: Buffer, body: number, start: number) => void} packet any packet after SUBACK and CONNACK
 * @property {() => void} [chunkEnd] everything that was read has been given to `packet`
 * @property {() => void} [closed] the connection ended, and not by `end`
 */

export class Client {
  #socket;
  #handler;
  #awaited = null;
  #ending = false;

  /** @param {Handler} handler */
  constructor(port, handler) {
    this.#handler = handler;
    const reader = new PacketReader((bytes, start, body) => this.#packet(bytes, start, body));
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (count, buffer) => {
          reader.push(buffer.subarray(0, count));
          const acks = takeAcks();
          if (acks !== null) this.#socket.write(acks);
          handler.chunkEnd?.();
        },
      },
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#closed());
  }

  #packet(bytes, start, body) {
    const type = bytes[start] >> 4;
    if (type !== CONNACK && type !== SUBACK) this.#handler.packet(type, bytes, body, start);
    else this.#awaited?.settle(type === CONNACK ? bytes[body + 1] : bytes[body + 2]);
  }

  #closed() {
    if (this.#ending) return;
    this.#awaited?.settle('closed');
    this.#handler.closed?.();
  }

  #ask(packet, what, codeMax) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#awaited?.settle('no answer'), ANSWER_MS_MAX);
      this.#awaited = {
        settle: (code) => {
          clearTimeout(timer);
          this.#awaited = null;
          if (typeof code === 'number' && code <= codeMax) resolve();
          else reject(new Error(`${what} was answered ${code}`));
        },
      };
      this.#socket.write(packet);
    });
  }

  /** Resolves when CONNACK has come; rejects with its code. */
  open(connectPacket) {
    return this.#ask(connectPacket, 'CONNECT', 0);
  }

  /** Resolves when SUBACK has come. */
  subscribe(filter, qos) {
    return this.#ask(subscribePacket(filter, qos), 'SUBSCRIBE', 2);
  }

  write(bytes) {
    this.#socket.write(bytes);
  }

  /** Collects an acknowledgement; all of a chunk go out as one write. */
  acknowledge(first, bytes, idAt) {
    collectAck(first, bytes[idAt], bytes[idAt + 1]);
  }

  /** Closes the connection, after `last` if given. */
  end(last) {
    this.#ending = true;
    if (last === undefined) this.#socket.destroy();
    else this.#socket.end(last);
  }
}

/** Runs `make(index)` for each index below `count`, `inFlight` at a time. */
export async function inParallel(count, inFlight, make) {
  const made = new Array(count);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      made[index] = await make(index);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return made;
}
