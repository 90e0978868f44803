// The bus between the nodes of one cluster. Everything on it may be lost; what must not be lost is in the database, and what
// the bus says of it is a hint (ADR 0039).

/**
 * The way between nodes. Three things go over it, that never meet: what clients publish (`publish`, by topic and filter), what
 * one node tells another or all (`send`, `broadcast`, by a word of ours), and what one asks another (`request`).
 *
 * Messages of one node come in the order in which it sent them, each at most once.
 * @example
 * bus.onMessage((from, topic, payload) => deliverHere(topic, payload));
 * await bus.listen('line/+/temperature');
 */
export interface Bus {
  /** The name of this node, as others see it in `from`. */
  readonly node: string;
  /** False while there is no connection: what is sent then is dropped and counted. */
  readonly isUp: boolean;
  /** What was dropped since the start: sent while down, or larger than the bus takes. */
  readonly dropped: number;
  /** Told of each change of `isUp`. */
  onState(listener: (isUp: boolean) => void): void;
  /** The largest payload that it takes, in bytes. */
  readonly payloadBytesMax: number;

  /** To every other node that listens to a filter which matches the topic; at most once each. */
  publish(topic: string, payload: Uint8Array): void;
  /**
   * Asks for the messages of other nodes that match a filter of MQTT (without `$share`).
   * Resolves when the bus has it (a flush): what another node publishes from then on comes here. While the bus is down it resolves
   * at once, and is listened to again with the connection. Counting how many subscribers want a filter is the caller's.
   */
  listen(filter: string): Promise<void>;
  /** The opposite of `listen`; of no effect for a filter that is not listened to. */
  unlisten(filter: string): void;
  /**
   * Told once for each message of another node, however many filters match. It may be told of messages that match no filter
   * of this node any more, or that another filter collapsed with its siblings: the caller matches them in any case.
   */
  onMessage(listener: (from: string, topic: string, payload: Uint8Array) => void): void;

  /** To one node. `kind` is a fixed word of ours (`[a-z-]+`). A message to itself is dropped, as by `broadcast`. */
  send(node: string, kind: string, payload: Uint8Array): void;
  /** To all other nodes. */
  broadcast(kind: string, payload: Uint8Array): void;
  /** Told of what `send` and `broadcast` of other nodes bring; one listener for a kind. */
  on(kind: string, listener: (from: string, payload: Uint8Array) => void): void;

  /** Asks one node; undefined when it did not answer in time, could not, or is not there. */
  request(
    node: string,
    kind: string,
    payload: Uint8Array,
    timeoutMs: number,
  ): Promise<Uint8Array | undefined>;
  /** Answers what others ask; one listener for a kind. A listener that throws gives no answer. */
  answer(kind: string, listener: (from: string, payload: Uint8Array) => Promise<Uint8Array>): void;

  /** Sends what is under way, then closes. Requests that wait get undefined. */
  close(): Promise<void>;
}
