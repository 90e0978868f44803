// Not a broker: it answers, and passes on what it reads, with no users, sessions, wildcards or packet ids of its own. A
// generator that is kept busy by it is faster than every broker that is measured; so the generator is checked.
import { createServer } from 'node:net';
import { PacketReader } from './load/reader.mjs';
import { afterTopic } from './load/packets.mjs';

/** @type {Map<string, Set<Connection>>} */
const subscribers = new Map();
const ANSWERS = { 5: 0x62, 6: 0x70 };
const PINGRESP = Buffer.from([0xd0, 0]);

class Connection {
  #socket;
  #out = [];
  #topics = new Set();
  #touched = new Set();

  constructor(socket) {
    this.#socket = socket;
    const reader = new PacketReader((bytes, start, body, end) => this.#packet(bytes, start, body, end));
    socket.on('data', (chunk) => {
      reader.push(chunk);
      for (const connection of this.#touched) connection.flush();
      this.#touched.clear();
      this.flush();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const topic of this.#topics) subscribers.get(topic)?.delete(this);
    });
  }

  send(bytes) {
    this.#out.push(bytes);
  }

  flush() {
    if (this.#out.length === 0) return;
    this.#socket.write(this.#out.length === 1 ? this.#out[0] : Buffer.concat(this.#out));
    this.#out = [];
  }

  #packet(bytes, start, body, end) {
    const type = bytes[start] >> 4;
    if (type === 1) this.send(Buffer.from([0x20, 2, 0, 0]));
    else if (type === 3) this.#publish(bytes, start, body, end);
    else if (type === 8) this.#subscribe(bytes, body);
    else if (type === 12) this.send(PINGRESP);
    else if (type in ANSWERS) this.send(Buffer.from([ANSWERS[type], 2, bytes[body], bytes[body + 1]]));
  }

  #subscribe(bytes, body) {
    const topic = bytes.latin1Slice(body + 4, afterTopic(bytes, body + 2));
    if (!subscribers.has(topic)) subscribers.set(topic, new Set());
    subscribers.get(topic).add(this);
    this.#topics.add(topic);
    this.send(Buffer.from([0x90, 3, bytes[body], bytes[body + 1], 0]));
  }

  #publish(bytes, start, body, end) {
    const idAt = afterTopic(bytes, body);
    const qos = (bytes[start] >> 1) & 3;
    const packet = bytes.subarray(start, end);
    for (const connection of subscribers.get(bytes.latin1Slice(body + 2, idAt)) ?? []) {
      connection.send(packet);
      this.#touched.add(connection);
    }
    if (qos > 0) this.send(Buffer.from([qos === 1 ? 0x40 : 0x50, 2, bytes[idAt], bytes[idAt + 1]]));
  }
}

createServer({ noDelay: true }, (socket) => new Connection(socket)).listen(
  Number(process.argv[2]),
  '127.0.0.1',
);
