import { expect } from 'vitest';
import { History } from '../../../packages/broker/test/faults/history.ts';
import type { FaultHouse } from './house.ts';
import { RoamingClient } from './roaming-client.ts';

/** Unanswered messages that a publisher has at most. */
const WINDOW = 200;

/** One publisher and one subscriber at different nodes, and what is to hold between them. */
interface Pair {
  readonly name: string;
  readonly qos: 1 | 2;
  readonly perSecond: number;
  readonly history: History;
  readonly publisher: RoamingClient;
  readonly subscriber: RoamingClient;
}

/** How much flows. */
export interface FlowOptions {
  readonly pairs: number;
  /** Of all pairs together. */
  readonly perSecond: number;
}

/** Messages of QoS 1 and 2 that cross from node to node while something fails. */
export class Flow {
  readonly #pairs: Pair[] = [];
  #isOver = false;
  #flowing: Promise<void> = Promise.resolve();
  #startedAt = 0;

  /** Connects devices to the nodes in turn; each subscriber is at the node after its publisher's. */
  static async start(
    house: FaultHouse,
    wanted: { readonly qos1: FlowOptions; readonly qos2: FlowOptions },
  ): Promise<Flow> {
    const flow = new Flow();
    for (const [qos, { pairs, perSecond }] of [
      [1, wanted.qos1],
      [2, wanted.qos2],
    ] as const)
      for (let number = 0; number < pairs; number += 1)
        flow.#pairs.push(
          await connectPair(house, `qos${String(qos)}-${String(number)}`, number, qos, perSecond / pairs),
        );
    flow.#startedAt = performance.now();
    flow.#flowing = Promise.all(flow.#pairs.map((pair) => flow.#run(pair))).then(() => undefined);
    // Whoever ends the flow hears of it.
    flow.#flowing.catch(() => undefined);
    return flow;
  }

  get acknowledged(): number {
    return this.#pairs.reduce((sum, { history }) => sum + history.acknowledgedCount, 0);
  }

  get perSecond(): number {
    return (this.acknowledged * 1_000) / (performance.now() - this.#startedAt);
  }

  /** The longest that a device was away, milliseconds. */
  get awayMsMax(): number {
    return Math.max(
      ...this.#pairs.flatMap(({ publisher, subscriber }) => [publisher.awayMsMax, subscriber.awayMsMax]),
    );
  }

  /** Ends what flows, waits for what is under way, and says what was broken: nothing, that is. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#flowing;
    for (const { name, history, publisher, qos } of this.#pairs) {
      // A last message that is received says that all before it were, or never will be.
      await publisher.publish([`${name} last`], qos, 1_000, WINDOW);
      await history.until(`${name} last`);
    }
    expect(this.#pairs.flatMap(({ history }) => history.lost())).toEqual([]);
    expect(this.#pairs.flatMap(({ history }) => history.sessionsLost)).toEqual([]);
    for (const { qos, history } of this.#pairs)
      expect(qos === 2 ? history.repeated() : history.unflagged()).toEqual([]);
  }

  /** Devices find that a node says nothing any more, and go to another. */
  async leave(node: string): Promise<void> {
    for (const { publisher, subscriber } of this.#pairs)
      for (const device of [publisher, subscriber]) if (device.at === node) await device.device.close();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(
      this.#pairs.flatMap(({ publisher, subscriber }) => [publisher.stop(), subscriber.stop()]),
    );
  }

  #run({ name, qos, perSecond, publisher }: Pair): Promise<void> {
    return publisher.publish(this.#payloads(name), qos, perSecond, WINDOW);
  }

  *#payloads(name: string): Generator<string> {
    for (let number = 1; !this.#isOver; number += 1) yield `${name} ${String(number)}`;
  }
}

async function connectPair(
  house: FaultHouse,
  name: string,
  number: number,
  qos: 1 | 2,
  perSecond: number,
): Promise<Pair> {
  const { nodes } = house;
  const at = (index: number): string => nodes[index % nodes.length]?.name ?? '';
  const history = new History();
  const topic = `flow/${name}`;
  const subscriber = new RoamingClient(house, `${name}-subscriber`, history);
  const publisher = new RoamingClient(house, `${name}-publisher`, history, { topic });
  await subscriber.start(at(number + 1));
  await subscriber.device.subscribe(topic, qos);
  await publisher.start(at(number));
  return { name, qos, perSecond, history, publisher, subscriber };
}
