// Subscribers of one filter that read, and do nothing else.
import { connectPacket } from '../storm.mjs';
import { inParallel } from './client.mjs';
import { createSubscriber } from './subscriber.mjs';

const OPENING_MAX = 32;

export class Readers {
  #options;
  #clients = [];
  #closed = 0;

  /** @param {{port: number, prefix: string, users: {username: string, password: string}[], count: number, filter: string, qos: 0|1|2}} options */
  constructor(options) {
    this.#options = options;
  }

  async prepare() {
    const { port, prefix, users, count, filter, qos } = this.#options;
    this.#clients = await inParallel(count, OPENING_MAX, async (index) => {
      const client = createSubscriber({ port, message: () => undefined, closed: () => (this.#closed += 1) });
      await client.open(connectPacket({ clientId: `${prefix}-${index}`, ...users[0] }));
      await client.subscribe(filter, qos);
      return client;
    });
  }

  async drain() {
    for (const client of this.#clients) client.end();
    return { closedConnections: this.#closed };
  }
}
