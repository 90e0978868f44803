// Messages from publishers to subscribers, as many as a window allows or as many as a rate says.
import { setTimeout as pause } from 'node:timers/promises';
import { connectPacket } from '../storm.mjs';
import { inParallel } from './client.mjs';
import { Histogram } from './histogram.mjs';
import { nowMicros } from './packets.mjs';
import { Publisher } from './publisher.mjs';
import { createSubscriber } from './subscriber.mjs';

const OPENING_MAX = 32;
const DRAIN_MS_MAX = 10_000;
const DRAIN_CHECK_MS = 10;
const PACE_MS = 1;
const BATCH_MAX = 64;

/**
 * Publisher i publishes to topic i mod `topics`, subscriber j subscribes to topic j mod `topics`. A publisher has at most
 * `window` messages under way: sent, but not yet acknowledged and delivered to every subscriber of its topic. With `rate`
 * (messages per second, all publishers together) the window does not count: what is late is sent late, not left out.
 */
export class Flow {
  #options;
  #publishers = [];
  #clients = [];
  #dirty = [];
  #histogram = new Histogram();
  #copies;
  #stopped = false;
  #delivered = 0;
  #closed = 0;
  #chunkMicros = 0;
  #began = { at: 0, delivered: 0 };

  /**
   * `subscriberPort` is where subscribers connect, if not at `port`; the sessions of `kept` ones outlive their connection.
   * @param {{port: number, subscriberPort?: number, kept?: boolean, prefix: string, users: {username: string, password: string}[], qos: 0|1|2, publishers: number, subscribers: number, topics: number, window: number, payloadBytes: number, rate?: number}} options
   */
  constructor(options) {
    this.#options = options;
    this.#copies = options.subscribers / options.topics;
  }

  async prepare() {
    const {
      port,
      subscriberPort = port,
      kept = false,
      prefix,
      users,
      qos,
      topics,
      payloadBytes,
    } = this.#options;
    const packetOf = (clientId, index, cleanSession = true) =>
      connectPacket({
        clientId: `${prefix}-${clientId}${index}`,
        ...users[index % users.length],
        cleanSession,
      });
    const events = { chunkEnd: () => this.#chunkEnd(), closed: () => (this.#closed += 1) };
    this.#clients = await inParallel(this.#options.subscribers, OPENING_MAX, async (index) => {
      const message = (publisher, sentMicros) => this.#message(publisher, sentMicros);
      const client = createSubscriber({ port: subscriberPort, message, ...events });
      await client.open(packetOf('s', index, !kept));
      await client.subscribe(`${prefix}/${index % topics}`, qos);
      return client;
    });
    this.#publishers = await inParallel(this.#options.publishers, OPENING_MAX, async (index) => {
      const topic = `${prefix}/${index % topics}`;
      const touch = (publisher) => this.#touch(publisher);
      const batchMax = Math.min(BATCH_MAX, this.#options.window);
      const publisher = new Publisher({ port, topic, qos, payloadBytes, index, batchMax, touch, ...events });
      await publisher.open(packetOf('p', index));
      return publisher;
    });
  }

  #message(index, sentMicros) {
    if (this.#chunkMicros === 0) this.#chunkMicros = nowMicros();
    this.#histogram.record((this.#chunkMicros - sentMicros) >>> 0);
    this.#delivered += 1;
    const publisher = this.#publishers[index];
    publisher.delivered += 1;
    this.#touch(publisher);
  }

  #touch(publisher) {
    if (this.#dirty.at(-1) !== publisher) this.#dirty.push(publisher);
  }

  #chunkEnd() {
    this.#chunkMicros = 0;
    const dirty = this.#dirty;
    if (this.#options.rate === undefined) for (const publisher of dirty) this.#topUp(publisher);
    dirty.length = 0;
  }

  #topUp(publisher) {
    const { qos, window } = this.#options;
    const delivered =
      this.#copies === 1 ? publisher.delivered : Math.floor(publisher.delivered / this.#copies);
    const done = qos === 0 ? delivered : Math.min(publisher.acked, delivered);
    const room = Math.min(BATCH_MAX, window - publisher.sent + done);
    if (room > 0 && !this.#stopped) publisher.send(room);
  }

  start() {
    if (this.#options.rate === undefined) for (const publisher of this.#publishers) this.#topUp(publisher);
    else void this.#pace();
  }

  async #pace() {
    const started = performance.now();
    let sent = 0;
    while (!this.#stopped) {
      const due = Math.floor(((performance.now() - started) / 1000) * this.#options.rate);
      for (; sent < due; sent += 1) this.#publishers[sent % this.#publishers.length].send(1);
      await pause(PACE_MS);
    }
  }

  begin() {
    this.#histogram.clear();
    this.#began = { at: performance.now(), delivered: this.#delivered };
  }

  end() {
    const seconds = (performance.now() - this.#began.at) / 1000;
    const count = this.#delivered - this.#began.delivered;
    return { seconds, count, latencies: this.#histogram.entries() };
  }

  /** Sends nothing more and waits for what is under way. */
  async drain() {
    this.#stopped = true;
    const sum = (what) => this.#publishers.reduce((total, publisher) => total + publisher[what], 0);
    const expected = sum('sent') * this.#copies;
    const ackedMin = this.#options.qos === 0 ? 0 : sum('sent');
    const deadline = performance.now() + DRAIN_MS_MAX;
    while ((this.#delivered < expected || sum('acked') < ackedMin) && performance.now() < deadline) {
      await pause(DRAIN_CHECK_MS);
    }
    for (const client of [...this.#publishers, ...this.#clients]) client.end();
    const unacknowledged = Math.max(0, ackedMin - sum('acked'));
    return { lost: expected - this.#delivered, unacknowledged, closedConnections: this.#closed };
  }
}
