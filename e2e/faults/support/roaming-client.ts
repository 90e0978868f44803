import type { History } from '../../../packages/broker/test/faults/history.ts';
import { SturdyClient, type SturdyOptions } from '../../../packages/broker/test/faults/sturdy-client.ts';
import { until } from '../../support/until.ts';
import type { FaultHouse } from './house.ts';

/** Milliseconds until a device is let in again somewhere: an outage of a minute ends, a lease, others take over, and the machine is busy. */
const BACK_MS_MAX = 150_000;

/** A device behind a load balancer: when its connection ends it comes back to whichever node lets it in. */
export class RoamingClient {
  readonly clientId: string;
  readonly #house: FaultHouse;
  readonly #device: SturdyClient;
  #at = '';
  #isOver = false;
  #staying: Promise<void> = Promise.resolve();
  /** The longest that it was away, milliseconds. */
  awayMsMax = 0;

  constructor(house: FaultHouse, clientId: string, history: History, options: SturdyOptions = {}) {
    this.clientId = clientId;
    this.#house = house;
    const connect = { username: 'fleet', password: Buffer.from(house.secret), ...options.connect };
    this.#device = new SturdyClient(clientId, history, { ...options, connect });
  }

  get device(): SturdyClient {
    return this.#device;
  }

  /** Where it is connected, or was. */
  get at(): string {
    return this.#at;
  }

  /** Connects to this node, and from then on stays connected to any. */
  async start(node: string): Promise<void> {
    await this.#come(node);
    this.#staying = this.#stay();
  }

  /** Publishes `payloads` as fast as `perSecond` and the window allow, wherever it is connected. */
  async publish(payloads: Iterable<string>, qos: 1 | 2, perSecond: number, window: number): Promise<void> {
    const startedAt = performance.now();
    let sent = 0;
    for (const payload of payloads) {
      await until(
        `${this.clientId} may publish ${payload}`,
        () =>
          (this.#device.isConnected &&
            this.#device.unanswered < window &&
            (performance.now() - startedAt) * perSecond >= sent * 1_000) ||
          undefined,
        BACK_MS_MAX,
      );
      this.#device.publish(payload, qos);
      sent += 1;
    }
    await until(
      `${this.clientId} is acknowledged`,
      () => this.#device.unanswered === 0 || undefined,
      BACK_MS_MAX,
    );
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#device.close();
    await this.#staying;
  }

  async #stay(): Promise<void> {
    while (!this.#isOver) {
      await this.#device.gone();
      const goneAt = performance.now();
      await this.#come(undefined);
      this.awayMsMax = Math.max(this.awayMsMax, performance.now() - goneAt);
    }
  }

  async #come(wanted: string | undefined): Promise<void> {
    let tried = 0;
    await until(
      `${this.clientId} is let in again`,
      async () => {
        if (this.#isOver) return true;
        const { nodes } = this.#house;
        const node = wanted === undefined ? nodes[tried % nodes.length] : this.#house.node(wanted);
        tried += 1;
        if (node === undefined || !(await this.#device.connect(node.port, node.host))) return undefined;
        this.#at = node.name;
        return true;
      },
      BACK_MS_MAX,
    );
  }
}
