import type { Interest, InterestNews } from '@gatehouse/ports';
import { TopicTrie } from '../router/topic-trie.ts';
import { keyOf } from './batch.ts';

/** The nodes that have members of one share. */
export interface RemoteShare {
  readonly share: Interest;
  readonly nodes: ReadonlySet<string>;
}

interface MutableShare extends RemoteShare {
  readonly nodes: Set<string>;
}

const NOBODY: ReadonlySet<string> = new Set();

/** What the other nodes have told in the database: for which filters they keep messages, and where shares have members. */
export class RemoteInterest {
  readonly #node: string;
  readonly #nodes = new TopicTrie<string, true>();
  readonly #shares = new TopicTrie<string, MutableShare>();
  #epoch = 0;

  /** `node`: this one, which is not remote. */
  constructor(node: string) {
    this.#node = node;
  }

  /** Everything up to it is known. */
  get epoch(): number {
    return this.#epoch;
  }

  /** A batch of this node has raised it, and nobody else has meanwhile. */
  reached(epoch: number): void {
    this.#epoch = Math.max(this.#epoch, epoch);
  }

  /** True when it says that something was given to this node: a session has moved here. */
  learn({ epoch, changes }: InterestNews): boolean {
    let isGiven = false;
    for (const { node, live, filter, group } of changes) {
      if (node === this.#node) isGiven ||= live;
      else if (live) this.#add(node, { filter, group });
      else this.delete(node, { filter, group });
    }
    this.reached(epoch);
    return isGiven;
  }

  #add(node: string, share: Interest): void {
    const { filter, group } = share;
    if (group === '') {
      this.#nodes.set(filter, node, true);
      return;
    }
    const known = this.#shares.get(filter, group);
    if (known === undefined) this.#shares.set(filter, group, { share, nodes: new Set([node]) });
    else known.nodes.add(node);
  }

  delete(node: string, { filter, group }: Interest): void {
    if (group === '') {
      this.#nodes.delete(filter, node);
      return;
    }
    const nodes = this.#shares.get(filter, group)?.nodes;
    if (nodes?.delete(node) === true && nodes.size === 0) this.#shares.delete(filter, group);
  }

  /** The nodes that keep messages of this topic. */
  nodesOf(topic: string): ReadonlySet<string> {
    if (this.#nodes.size === 0) return NOBODY;
    const nodes = new Set<string>();
    this.#nodes.match(topic, (node) => nodes.add(node));
    return nodes;
  }

  /** Shares that this topic concerns, by key. */
  sharesOf(topic: string): ReadonlyMap<string, RemoteShare> {
    const shares = new Map<string, RemoteShare>();
    if (this.#shares.size > 0)
      this.#shares.match(topic, (_group, found) => shares.set(keyOf(found.share), found));
    return shares;
  }

  /** Everything that one node has told; a walk over all that is known. */
  interestOf(node: string): readonly Interest[] {
    const filters = this.#nodes.filtersOf(node).map((filter) => ({ filter, group: '' }));
    const shares = this.#shares.values().filter(({ nodes }) => nodes.has(node));
    return [...filters, ...shares.map(({ share }) => share)];
  }

  /** The other nodes with members of a share. */
  nodesOfShare({ filter, group }: Interest): ReadonlySet<string> {
    return this.#shares.get(filter, group)?.nodes ?? NOBODY;
  }
}
