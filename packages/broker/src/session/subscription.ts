import type { QoS } from '../protocol/packets.ts';

/** One subscription of a share: which group, and what it matches (MQTT 5.0 §4.8.2). */
export interface Share {
  readonly group: string;
  /** The filter without `$share/{group}/`. */
  readonly inner: string;
}

/** One subscription of a session. */
export interface Subscription {
  /** As the client wrote it, `$share/{group}/` included. */
  readonly filter: string;
  /** Of a shared subscription: which group, and the filter inside. */
  readonly share: Share | undefined;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly identifier: number | undefined;
  /** A deny rule overlaps the filter: each message is checked (auth.md §7). */
  readonly checkAtDelivery: boolean;
}
