import type { Clock } from '@gatehouse/ports';
import type { Limits } from '../config.ts';
import type { Journal } from '../journal/journal.ts';
import { isExpired, keep, type Message } from './message.ts';
import { SYS_PREFIX } from './sys-prefix.ts';
import { createNode, type RetainedNode as Node, RetainedWalk } from './retained-walk.ts';

/** Bytes of a level in the tree of topics: a node, its map and its place in the parent's; an estimate for the bound. */
const NODE_BYTES = 320;

const nodeBytes = (level: string): number => NODE_BYTES + level.length;

/** What the server says about itself is none of the clients' messages: it takes no room of theirs. */
const isClients = (topic: string): boolean => !topic.startsWith(SYS_PREFIX);

/** Where changes are written. */
export interface RetainedJournal extends Pick<Journal, 'retained' | 'retainedGone'> {
  /** Others write there too: there may be a message that is not known here. */
  readonly isShared?: boolean;
}

type RetainedBounds = Pick<Limits, 'retainedMax' | 'retainedBytesMax'>;

/** The last retained message of each topic, in memory, bounded in number and bytes. */
export class RetainedStore {
  readonly #root = createNode();
  readonly #bounds: RetainedBounds;
  readonly #clock: Clock;
  readonly #journal: RetainedJournal;
  #count = 0;
  #bytes = 0;

  constructor(bounds: RetainedBounds, clock: Clock, journal: RetainedJournal) {
    this.#bounds = bounds;
    this.#clock = clock;
    this.#journal = journal;
  }

  /** Bytes of the messages and of the levels that lead to them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The bound that a message which found no room has met. */
  get fullest(): keyof RetainedBounds {
    return this.#count >= this.#bounds.retainedMax ? 'retainedMax' : 'retainedBytesMax';
  }

  /** Messages kept, those of the server about itself left out. */
  get size(): number {
    return this.#count;
  }

  /** Keeps, replaces, or with an empty payload removes ([MQTT-3.3.1-6]). False when a bound forbids it. */
  set(message: Message): boolean {
    const old = this.#find(message.topic)?.message;
    if (message.payload.length === 0) {
      if (old === undefined && this.#journal.isShared !== true) return true;
      this.#remove(message.topic);
      this.#journal.retainedGone(message.topic);
      return true;
    }
    message.retainedAt = this.#clock.now();
    if (!this.restore(message)) return false;
    this.#journal.retained(message);
    return true;
  }

  /** Keeps what the journal has already. False when a bound forbids it. */
  restore(message: Message): boolean {
    if (isClients(message.topic) && !this.#reserve(message)) return false;
    keep(message);
    this.#grow(message.topic).message = message;
    return true;
  }

  /** What another node says of a topic: what is kept there now, if anything. False when a bound forbids it. */
  replace(topic: string, message: Message | undefined): boolean {
    if (message !== undefined) return this.restore(message);
    this.#remove(topic);
    return true;
  }

  /** Counts a message that is about to be kept, in the place of the one before it. False when a bound forbids it. */
  #reserve(message: Message): boolean {
    const old = this.#find(message.topic)?.message;
    const count = this.#count + (old === undefined ? 1 : 0);
    const bytes = this.#bytes + message.bytes + this.#missingBytes(message.topic) - (old?.bytes ?? 0);
    if (count > this.#bounds.retainedMax || bytes > this.#bounds.retainedBytesMax) return false;
    this.#count = count;
    this.#bytes = bytes;
    return true;
  }

  /** Every message that is kept now and has not expired. */
  messages(): readonly Message[] {
    const found: Message[] = [];
    const visit = ({ message, children }: Node): void => {
      if (message !== undefined && !isExpired(message, this.#clock)) found.push(message);
      for (const child of children.values()) visit(child);
    };
    visit(this.#root);
    return found;
  }

  /** A walk over the retained messages whose topic the filter matches; expired ones are removed in passing. */
  walk(filter: string): RetainedWalk {
    return new RetainedWalk(this.#root, filter, (message) => {
      if (!isExpired(message, this.#clock)) return true;
      this.#remove(message.topic);
      return false;
    });
  }

  #find(topic: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const level of topic.split('/')) node = node?.children.get(level);
    return node;
  }

  /** Bytes of the levels that the tree would grow by. */
  #missingBytes(topic: string): number {
    let node: Node | undefined = this.#root;
    let bytes = 0;
    for (const level of topic.split('/')) {
      node = node?.children.get(level);
      if (node === undefined) bytes += nodeBytes(level);
    }
    return bytes;
  }

  #grow(topic: string): Node {
    let node = this.#root;
    for (const level of topic.split('/')) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = createNode();
        node.children.set(level, child);
      }
      node = child;
    }
    return node;
  }

  #remove(topic: string): void {
    const levels = topic.split('/');
    const path: Node[] = [this.#root];
    for (const level of levels) {
      const child = path.at(-1)?.children.get(level);
      if (child === undefined) return;
      path.push(child);
    }
    const leaf = path.pop();
    if (leaf?.message === undefined) return;
    const ofClients = isClients(topic);
    if (ofClients) {
      this.#count -= 1;
      this.#bytes -= leaf.message.bytes;
    }
    leaf.message = undefined;
    let empty: Node = leaf;
    for (const level of levels.reverse()) {
      const parent = path.pop();
      if (parent === undefined || empty.message !== undefined || empty.children.size > 0) return;
      parent.children.delete(level);
      if (ofClients) this.#bytes -= nodeBytes(level);
      empty = parent;
    }
  }
}
