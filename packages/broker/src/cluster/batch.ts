import type { Interest, RetainedChange } from '@gatehouse/ports';
import type { Message } from '../router/message.ts';

/** A message of QoS 1 or 2 of this node's clients, and who is to get it beside them. */
export interface Outbound {
  readonly message: Message;
  /** Nodes with sessions that it is kept for. */
  nodes: ReadonlySet<string>;
  /** The node that each share's turn fell to, by the share's key. */
  readonly shares: Map<string, { readonly node: string; readonly share: Interest }>;
  /** Shares whose turn fell to a member here. */
  readonly sharedHere: ReadonlySet<string>;
}

/** A client ID on its way to another node. */
export interface Departure {
  readonly clientId: string;
  readonly to: string;
  readonly listens: readonly Interest[];
  /** What goes to the other node, as it is by now. */
  readonly letter: () => Uint8Array;
  /** It is committed: what was held for it can go. */
  readonly gone: () => void;
}

/** What one batch of the journal does for other nodes. */
export class SharedBatch {
  readonly #outbound: Outbound[] = [];
  #bytes = 0;
  /** By key; the last word about each. */
  readonly interest = new Map<string, { readonly interest: Interest; readonly live: boolean }>();
  readonly mail: { readonly to: string; readonly bytes: Uint8Array }[] = [];
  /** Letters that are done with. */
  readonly taken: number[] = [];
  /** Client IDs that nobody needs here any more, and the owner that the database has. */
  readonly released = new Map<string, string>();
  readonly departures: Departure[] = [];
  /** By topic. */
  readonly retained = new Map<string, RetainedChange>();
  inherits: string | undefined;

  /** Messages for other nodes, in the order in which they were published. */
  get outbound(): readonly Outbound[] {
    return this.#outbound;
  }

  /** What its messages for other nodes take, an estimate for the bound of what waits. */
  get bytes(): number {
    return this.#bytes;
  }

  publish(outbound: Outbound): void {
    this.#outbound.push(outbound);
    this.#bytes += outbound.message.bytes;
  }

  /** Things to do; rises with each. */
  get entries(): number {
    const { outbound, interest, mail, taken, released, departures, retained } = this;
    return (
      outbound.length +
      interest.size +
      mail.length +
      taken.length +
      released.size +
      departures.length +
      retained.size
    );
  }

  /** Goes on with what a later one was to do. */
  absorb(later: SharedBatch | undefined): void {
    if (later === undefined) return;
    for (const outbound of later.outbound) this.publish(outbound);
    for (const [key, change] of later.interest) this.interest.set(key, change);
    this.mail.push(...later.mail);
    this.taken.push(...later.taken);
    for (const [clientId, owner] of later.released) this.released.set(clientId, owner);
    this.departures.push(...later.departures);
    for (const [topic, change] of later.retained) this.retained.set(topic, change);
    this.inherits ??= later.inherits;
  }
}

/** One text for a share or a filter. */
export const keyOf = ({ group, filter }: Interest): string => `${group}\0${filter}`;
