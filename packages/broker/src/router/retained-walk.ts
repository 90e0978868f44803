import type { Message } from './message.ts';

/** A level of the topics that have a retained message. */
export interface RetainedNode {
  readonly children: Map<string, RetainedNode>;
  message: Message | undefined;
}

export const createNode = (): RetainedNode => ({ children: new Map(), message: undefined });

/** Children that are still to be visited, and where in the filter they stand. */
interface Branch {
  readonly children: IterableIterator<readonly [string, RetainedNode]>;
  readonly depth: number;
}

/**
 * A search that can be interrupted: it holds one iterator per level and never a list of what it found. What is set or
 * removed meanwhile is seen as it is when the walk comes by.
 */
export class RetainedWalk {
  readonly #filter: readonly string[];
  readonly #isCurrent: (message: Message) => boolean;
  readonly #branches: Branch[] = [];
  /** Visited before anything else: the topics that the filter names level by level. */
  #next: { readonly node: RetainedNode; readonly depth: number } | undefined;

  constructor(root: RetainedNode, filter: string, isCurrent: (message: Message) => boolean) {
    this.#filter = filter.split('/');
    this.#isCurrent = isCurrent;
    this.#next = { node: root, depth: 0 };
  }

  /** Nothing is left to visit. */
  get done(): boolean {
    return this.#next === undefined && this.#branches.length === 0;
  }

  /** Goes on for at most so many nodes and answers how many of them it did not need. `visit` ends the walk with false. */
  advance(nodesMax: number, visit: (message: Message) => boolean): number {
    let left = nodesMax;
    while (left > 0 && !this.done) {
      left -= 1;
      const message = this.#step();
      if (message === undefined || !this.#isCurrent(message) || visit(message)) continue;
      this.#next = undefined;
      this.#branches.length = 0;
    }
    return left;
  }

  /** Visits one node, or finds a branch at its end. */
  #step(): Message | undefined {
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) return this.#enter(next.node, next.depth);
    const branch = this.#branches.at(-1);
    const child = branch?.children.next();
    if (branch === undefined || child === undefined || child.done === true) {
      this.#branches.pop();
      return undefined;
    }
    const [name, node] = child.value;
    // [MQTT-4.7.2-1] wildcards do not match `$` topics.
    return branch.depth === 1 && name.startsWith('$') ? undefined : this.#enter(node, branch.depth);
  }

  /** Notes where to go on from here, and answers the node's message if the filter matches it. */
  #enter(node: RetainedNode, depth: number): Message | undefined {
    const level = depth < this.#filter.length ? this.#filter[depth] : this.#tail();
    if (level === undefined) return node.message;
    if (level === '#') {
      // `#` goes on at every depth below; [MQTT-4.7.1-2] `a/#` matches `a` too.
      this.#branches.push({ children: node.children.entries(), depth: depth + 1 });
      return depth === 0 ? undefined : node.message;
    }
    if (level === '+') {
      this.#branches.push({ children: node.children.entries(), depth: depth + 1 });
      return undefined;
    }
    const child = node.children.get(level);
    if (child !== undefined) this.#next = { node: child, depth: depth + 1 };
    return undefined;
  }

  /** What stands for the levels beyond the filter's own. */
  #tail(): '#' | undefined {
    return this.#filter.at(-1) === '#' ? '#' : undefined;
  }
}
