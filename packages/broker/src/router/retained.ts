import type { Clock } from '@gatehouse/ports';
import type { Limits } from '../config.ts';
import { isExpired, keep, type Message } from './message.ts';

interface Node {
  readonly children: Map<string, Node>;
  message: Message | undefined;
}

const createNode = (): Node => ({ children: new Map(), message: undefined });

type RetainedBounds = Pick<Limits, 'retainedMax' | 'retainedBytesMax'>;

/** The last retained message of each topic, in memory, bounded in number and bytes. */
export class RetainedStore {
  readonly #root = createNode();
  readonly #bounds: RetainedBounds;
  readonly #clock: Clock;
  #count = 0;
  #bytes = 0;

  constructor(bounds: RetainedBounds, clock: Clock) {
    this.#bounds = bounds;
    this.#clock = clock;
  }

  get size(): number {
    return this.#count;
  }

  /** Keeps, replaces, or with an empty payload removes ([MQTT-3.3.1-6]). False when a bound forbids it. */
  set(message: Message): boolean {
    const old = this.#find(message.topic)?.message;
    if (message.payload.length === 0) {
      if (old !== undefined) this.#remove(message.topic);
      return true;
    }
    const count = this.#count + (old === undefined ? 1 : 0);
    const bytes = this.#bytes + message.bytes - (old?.bytes ?? 0);
    if (count > this.#bounds.retainedMax || bytes > this.#bounds.retainedBytesMax) return false;
    keep(message);
    this.#count = count;
    this.#bytes = bytes;
    this.#grow(message.topic).message = message;
    return true;
  }

  /** Retained messages whose topic the filter matches; expired ones are removed in passing. */
  match(filter: string): readonly Message[] {
    const found: Message[] = [];
    collect(this.#root, filter.split('/'), 0, found);
    return found.filter((message) => {
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
    this.#count -= 1;
    this.#bytes -= leaf.message.bytes;
    leaf.message = undefined;
    let empty: Node = leaf;
    for (const level of levels.reverse()) {
      const parent = path.pop();
      if (parent === undefined || empty.message !== undefined || empty.children.size > 0) return;
      parent.children.delete(level);
      empty = parent;
    }
  }
}

function collect(node: Node, filter: readonly string[], depth: number, found: Message[]): void {
  const level = filter[depth];
  if (level === undefined) {
    if (node.message !== undefined) found.push(node.message);
    return;
  }
  if (level !== '+' && level !== '#') {
    const child = node.children.get(level);
    if (child !== undefined) collect(child, filter, depth + 1, found);
    return;
  }
  // [MQTT-4.7.1-2] `a/#` matches `a` too.
  if (level === '#' && depth > 0 && node.message !== undefined) found.push(node.message);
  for (const [name, child] of node.children) {
    // [MQTT-4.7.2-1] wildcards do not match `$` topics.
    if (depth === 0 && name.startsWith('$')) continue;
    if (level === '+') collect(child, filter, depth + 1, found);
    else collectAll(child, found);
  }
}

function collectAll(node: Node, found: Message[]): void {
  if (node.message !== undefined) found.push(node.message);
  for (const child of node.children.values()) collectAll(child, found);
}
