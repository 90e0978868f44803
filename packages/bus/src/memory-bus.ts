import { levelsOf, matches, type Levels } from '@gatehouse/auth-core';
import type { Bus } from '@gatehouse/ports';
import { BusListeners, checkedKind } from './listeners.ts';

/** What a hub needs; both are for tests and the simulation. */
export interface MemoryHubOptions {
  /** Calls later, in the order of the calls or in another. Default: in order, before the next turn of the event loop. */
  readonly schedule?: (deliver: () => void) => void;
  /** Whether what one node says to another is lost on its way. */
  readonly isLost?: (from: string, to: string) => boolean;
  /** Calls after so many milliseconds, unless what it returns is called before. Default: by the clock. */
  readonly after?: (ms: number, call: () => void) => () => void;
  readonly payloadBytesMax?: number;
}

/** A bus in one process: several nodes of one cluster, each of which can be cut off. */
export interface MemoryHub {
  readonly join: (node: string) => Bus;
  /** Ends a node's connection; what is under way to it is lost. */
  readonly cut: (node: string) => void;
  readonly mend: (node: string) => void;
}

const PAYLOAD_BYTES = 1024 * 1024;

const byClock = (ms: number, call: () => void): (() => void) => {
  const timer = setTimeout(call, ms);
  return () => {
    clearTimeout(timer);
  };
};

/**
 * A hub that nodes join by name.
 * @example
 * const hub = createMemoryHub();
 * const [here, there] = [hub.join('a'), hub.join('b')];
 */
export function createMemoryHub(options: MemoryHubOptions = {}): MemoryHub {
  const nodes = new Map<string, MemoryBus>();
  const { schedule = queueMicrotask, isLost = () => false, after = byClock } = options;
  const hub: Hub = {
    payloadBytesMax: options.payloadBytesMax ?? PAYLOAD_BYTES,
    after,
    nodes,
    carry: (from, to, deliver) => {
      if (isLost(from.node, to.node)) return;
      const { connection } = to;
      schedule(() => {
        if (to.isUp && to.connection === connection) deliver();
      });
    },
  };
  return {
    join: (node) => {
      const bus = new MemoryBus(hub, node);
      nodes.set(node, bus);
      return bus;
    },
    cut: (node) => nodes.get(node)?.setUp(false),
    mend: (node) => nodes.get(node)?.setUp(true),
  };
}

interface Hub {
  readonly payloadBytesMax: number;
  readonly after: (ms: number, call: () => void) => () => void;
  readonly nodes: Map<string, MemoryBus>;
  readonly carry: (from: MemoryBus, to: MemoryBus, deliver: () => void) => void;
}

class MemoryBus extends BusListeners implements Bus {
  readonly node: string;
  readonly #hub: Hub;
  readonly #filters = new Map<string, Levels>();
  /** Ends the wait of those who asked. */
  readonly #asked = new Set<() => void>();
  isUp = true;
  dropped = 0;
  /** Counts connections: what was under way in one does not come in the next. */
  connection = 0;

  constructor(hub: Hub, node: string) {
    super();
    this.#hub = hub;
    this.node = node;
  }

  get payloadBytesMax(): number {
    return this.#hub.payloadBytesMax;
  }

  setUp(isUp: boolean): void {
    if (isUp === this.isUp) return;
    this.isUp = isUp;
    this.connection += 1;
    if (!isUp) for (const end of this.#asked) end();
    this.tellState(isUp);
  }

  publish(topic: string, payload: Uint8Array): void {
    const levels = levelsOf(topic);
    this.#toAll(payload, (other, copy) => {
      if (other.#wants(levels)) other.tellMessage(this.node, topic, copy);
    });
  }

  listen(filter: string): Promise<void> {
    this.#filters.set(filter, levelsOf(filter));
    return Promise.resolve();
  }

  unlisten(filter: string): void {
    this.#filters.delete(filter);
  }

  send(node: string, kind: string, payload: Uint8Array): void {
    checkedKind(kind);
    this.#to([node], payload, (other, copy) => {
      other.tell(kind, this.node, copy);
    });
  }

  broadcast(kind: string, payload: Uint8Array): void {
    checkedKind(kind);
    this.#toAll(payload, (other, copy) => {
      other.tell(kind, this.node, copy);
    });
  }

  async request(
    node: string,
    kind: string,
    payload: Uint8Array,
    timeoutMs: number,
  ): Promise<Uint8Array | undefined> {
    checkedKind(kind);
    if (!this.#takes(payload)) return undefined;
    const { promise, resolve } = deferred<Uint8Array | undefined>();
    const end = (): void => {
      resolve(undefined);
    };
    const cancel = this.#hub.after(timeoutMs, end);
    this.#asked.add(end);
    const isThere = this.#to([node], payload, (other, copy) => {
      void other.answerTo(kind, this.node, copy).then((answer) => {
        if (other.isUp)
          this.#hub.carry(other, this, () =>
            resolve(answer !== undefined && other.#takes(answer) ? answer : undefined),
          );
      });
    });
    if (!isThere) end();
    try {
      return await promise;
    } finally {
      cancel();
      this.#asked.delete(end);
    }
  }

  close(): Promise<void> {
    for (const end of this.#asked) end();
    if (this.#hub.nodes.get(this.node) === this) this.#hub.nodes.delete(this.node);
    this.isUp = false;
    return Promise.resolve();
  }

  #takes(payload: Uint8Array): boolean {
    return this.isUp && payload.length <= this.payloadBytesMax;
  }

  #toAll(payload: Uint8Array, tell: (other: MemoryBus, copy: Uint8Array) => void): void {
    this.#to(this.#hub.nodes.keys(), payload, tell);
  }

  /** @returns whether it went to anybody. */
  #to(
    names: Iterable<string>,
    payload: Uint8Array,
    tell: (other: MemoryBus, copy: Uint8Array) => void,
  ): boolean {
    if (!this.#takes(payload)) {
      this.dropped += 1;
      return false;
    }
    // The caller may go on with what it gave.
    const copy = Uint8Array.from(payload);
    let isThere = false;
    for (const name of names) {
      const other = this.#hub.nodes.get(name);
      if (other === undefined || other === this || !other.isUp) continue;
      isThere = true;
      this.#hub.carry(this, other, () => {
        tell(other, copy);
      });
    }
    return isThere;
  }

  #wants(topic: Levels): boolean {
    for (const filter of this.#filters.values()) if (matches(filter, topic)) return true;
    return false;
  }
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
