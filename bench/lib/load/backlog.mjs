// Messages for sessions that are offline: first in, then out when they come back.
import { setTimeout as pause } from 'node:timers/promises';
import { connectPacket } from '../storm.mjs';
import { inParallel } from './client.mjs';
import { DISCONNECT } from './packets.mjs';
import { Publisher } from './publisher.mjs';
import { createSubscriber } from './subscriber.mjs';

const OPENING_MAX = 32;
const CHECK_MS = 5;

export class Backlog {
  #options;
  #closed = 0;
  #delivered = 0;
  #publishers = [];
  #clients = [];

  /** @param {{port: number, prefix: string, users: {username: string, password: string}[], sessions: number, messagesEach: number, window: number, payloadBytes: number, msMax: number}} options */
  constructor(options) {
    this.#options = options;
  }

  #packet(clientId, cleanSession) {
    const { prefix, users } = this.#options;
    return connectPacket({ clientId: `${prefix}-${clientId}`, ...users[0], cleanSession });
  }

  #subscriber() {
    return createSubscriber({
      port: this.#options.port,
      message: () => (this.#delivered += 1),
      closed: () => (this.#closed += 1),
    });
  }

  /** Makes the sessions and leaves them; connects the publishers. */
  async prepare() {
    const { port, prefix, sessions, payloadBytes, window } = this.#options;
    await inParallel(sessions, OPENING_MAX, async (index) => {
      const client = this.#subscriber();
      await client.open(this.#packet(`s${index}`, false));
      await client.subscribe(`${prefix}/${index}`, 1);
      client.end(DISCONNECT);
    });
    this.#publishers = await inParallel(sessions, OPENING_MAX, async (index) => {
      const publisher = new Publisher({
        port,
        topic: `${prefix}/${index}`,
        qos: 1,
        payloadBytes,
        index,
        batchMax: window,
        touch: (one) => this.#topUp(one),
        chunkEnd: () => undefined,
        closed: () => (this.#closed += 1),
      });
      await publisher.open(this.#packet(`p${index}`, true));
      return publisher;
    });
  }

  /** Half a window at a time: the server acknowledges in batches, and so a publisher sends in batches. */
  #topUp(publisher) {
    const { window, messagesEach } = this.#options;
    const room = Math.min(window - publisher.sent + publisher.acked, messagesEach - publisher.sent);
    if (room >= window / 2 || (room > 0 && publisher.sent + room === messagesEach)) publisher.send(room);
  }

  async #until(reached) {
    const started = performance.now();
    const deadline = started + this.#options.msMax;
    while (!reached() && performance.now() < deadline) await pause(CHECK_MS);
    return (performance.now() - started) / 1000;
  }

  /** Publishes all; resolves when everything is acknowledged. */
  async fill() {
    const acked = () => this.#publishers.reduce((sum, publisher) => sum + publisher.acked, 0);
    const total = this.#options.sessions * this.#options.messagesEach;
    for (const publisher of this.#publishers) this.#topUp(publisher);
    const seconds = await this.#until(() => acked() === total);
    return { seconds, count: acked(), missing: total - acked() };
  }

  /** Brings the sessions back; resolves when everything is delivered. */
  async empty() {
    const { sessions, messagesEach } = this.#options;
    const total = sessions * messagesEach;
    const started = performance.now();
    this.#clients = await inParallel(sessions, OPENING_MAX, async (index) => {
      const client = this.#subscriber();
      await client.open(this.#packet(`s${index}`, false));
      return client;
    });
    const opening = (performance.now() - started) / 1000;
    const seconds = opening + (await this.#until(() => this.#delivered >= total));
    return { seconds, count: this.#delivered, missing: total - this.#delivered };
  }

  async drain() {
    for (const client of [...this.#publishers, ...this.#clients]) client.end();
    return { closedConnections: this.#closed };
  }
}
