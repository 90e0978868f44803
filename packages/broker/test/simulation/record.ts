/** A message as its publisher knows it. */
interface Published {
  readonly payload: string;
  /** Whose messages on one topic keep their order. */
  readonly stream: string;
  readonly number: number;
  acknowledged: boolean;
  /** Its publisher has given it up: it may come or not. */
  abandoned: boolean;
  /** Clients that had been told of a matching subscription before it was sent. */
  readonly owedTo: Set<string>;
}

/** A will that a client left with the broker. */
interface LeftWill {
  readonly payload: string;
  /** `due`: its connection broke. `void`: its client took its leave and the server heard it. `open`: nobody can tell. */
  fate: 'open' | 'due' | 'void';
  readonly owedTo: Set<string>;
}

/** What clients were promised and what they got; `violations` names what does not agree. */
export class Record {
  readonly #published = new Map<string, Published>();
  readonly #atMostOnce = new Set<string>();
  /** Clients with what they got at QoS 2. */
  readonly #atQos2 = new Set<string>();
  /** By topic; undefined: nobody can tell. */
  readonly #retained = new Map<string, string | undefined>();
  readonly #wills = new Map<string, LeftWill>();
  /** By client and payload, how often its application got it. */
  readonly #received = new Map<string, Map<string, number>>();
  /** By client and stream, the numbers in the order in which they came first. */
  readonly #orders = new Map<string, number[]>();
  readonly violations: string[] = [];

  published(message: Omit<Published, 'acknowledged' | 'abandoned'>): void {
    this.#published.set(message.payload, { ...message, acknowledged: false, abandoned: false });
  }

  /** At QoS 0: it may be lost, and comes no more than once. */
  publishedAtMostOnce(payload: string): void {
    this.#atMostOnce.add(payload);
  }

  acknowledged(payload: string): void {
    const message = this.#published.get(payload);
    if (message !== undefined) message.acknowledged = true;
  }

  abandoned(payload: string): void {
    const message = this.#published.get(payload);
    if (message === undefined || message.acknowledged) return;
    message.abandoned = true;
    message.owedTo.clear();
    for (const [topic, last] of this.#retained) if (last === payload) this.#retained.set(topic, undefined);
  }

  /** The last message that was sent to be retained on this topic. */
  retained(topic: string, payload: string): void {
    this.#retained.set(topic, payload);
  }

  /** Whoever subscribes to everything retained when all has come to rest got this. */
  closeRetained(observer: string): void {
    const isOpen = (payload: string): boolean =>
      [...this.#retained].some(([topic, last]) => last === undefined && payload.includes(`-${topic}-`));
    const got = [...(this.#received.get(observer)?.keys() ?? [])].filter((one) => !isOpen(one)).sort();
    const expected = [...this.#retained.values()].filter((one) => one !== undefined).sort();
    if (got.join() !== expected.join())
      this.violations.push(
        `retained is ${got.join() || 'nothing'} instead of ${expected.join() || 'nothing'}`,
      );
  }

  /** From now on nobody owes this client anything of what it has not got. */
  forgive(client: string): void {
    for (const { owedTo } of this.#published.values()) owedTo.delete(client);
    for (const { owedTo } of this.#wills.values()) owedTo.delete(client);
  }

  leftWill(payload: string, owedTo: Iterable<string>): void {
    this.#wills.set(payload, { payload, fate: 'open', owedTo: new Set(owedTo) });
  }

  willFate(payload: string, fate: LeftWill['fate']): void {
    const will = this.#wills.get(payload);
    if (will?.fate === 'open') will.fate = fate;
  }

  /** `dup`: the server says that it may be a repetition, which it may be at QoS 1. */
  received(client: string, payload: string, qos: 0 | 1 | 2, dup: boolean): void {
    if (qos === 2) this.#exactlyOnce(client, payload);
    const own = this.#received.get(client) ?? new Map<string, number>();
    this.#received.set(client, own);
    if (qos === 1 && dup && own.has(payload)) return;
    const times = (own.get(payload) ?? 0) + 1;
    own.set(payload, times);
    const message = this.#published.get(payload);
    if (message === undefined) {
      const isKnown = this.#wills.has(payload) || this.#atMostOnce.has(payload);
      if (!isKnown) this.violations.push(`${client} got ${payload}, which nobody sent`);
      if (times > 1 && this.#atMostOnce.has(payload))
        this.violations.push(`${client} got ${payload} again at QoS 0`);
      return;
    }
    // Others may have been published before it was subscribed, and once more after it.
    if (times === 1 && message.owedTo.has(client)) this.#inOrder(client, message);
  }

  violation(text: string): void {
    this.violations.push(text);
  }

  /** When everything has come to rest. */
  close(): void {
    for (const message of this.#published.values()) this.#closeMessage(message);
    for (const will of this.#wills.values()) this.#closeWill(will);
  }

  #times(client: string, payload: string): number {
    return this.#received.get(client)?.get(payload) ?? 0;
  }

  #exactlyOnce(client: string, payload: string): void {
    const key = `${client} ${payload}`;
    if (this.#atQos2.has(key)) this.violations.push(`${client} got ${payload} again at QoS 2`);
    this.#atQos2.add(key);
  }

  #inOrder(client: string, { stream, number, payload }: Published): void {
    const key = `${client} ${stream}`;
    const order = this.#orders.get(key) ?? [];
    this.#orders.set(key, order);
    const last = order.at(-1);
    if (last !== undefined && last > number)
      this.violations.push(`${client} got ${payload} after ${stream}-${last}`);
    order.push(number);
  }

  #closeMessage({ payload, acknowledged, abandoned, owedTo }: Published): void {
    if (!acknowledged && !abandoned) this.violations.push(`${payload} was never acknowledged`);
    for (const client of owedTo) {
      if (this.#times(client, payload) === 0)
        this.violations.push(`${payload} was acknowledged and ${client} never got it`);
    }
  }

  #closeWill({ payload, fate, owedTo }: LeftWill): void {
    for (const client of owedTo) {
      const times = this.#times(client, payload);
      if (times > 1) this.violations.push(`${client} got the will ${payload} ${times} times`);
      if (fate === 'due' && times === 0) this.violations.push(`the will ${payload} never came to ${client}`);
      if (fate === 'void' && times > 0)
        this.violations.push(`the will ${payload} came although its client had left`);
    }
  }
}
