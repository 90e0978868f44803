// Connections that do nothing.
import { connectPacket } from '../storm.mjs';
import { Client, inParallel } from './client.mjs';

const OPENING_MAX = 64;

export class Idle {
  #options;
  #clients = [];
  #closed = 0;

  /** @param {{port: number, prefix: string, users: {username: string, password: string}[], keepAliveSeconds?: number}} options */
  constructor(options) {
    this.#options = options;
  }

  /** Opens `count` more. */
  async open(count) {
    const { port, prefix, users, keepAliveSeconds } = this.#options;
    const first = this.#clients.length;
    const opened = await inParallel(count, OPENING_MAX, async (index) => {
      const client = new Client(port, { packet: () => undefined, closed: () => (this.#closed += 1) });
      const clientId = `${prefix}-${first + index}`;
      await client.open(connectPacket({ clientId, ...users[0], keepAliveSeconds }));
      return client;
    });
    this.#clients.push(...opened);
  }

  async drain() {
    for (const client of this.#clients) client.end();
    return { closedConnections: this.#closed };
  }
}
