interface Node<K, V> {
  readonly children: Map<string, Node<K, V>>;
  readonly values: Map<K, V>;
}

const createNode = <K, V>(): Node<K, V> => ({ children: new Map(), values: new Map() });

/** Subscriptions by topic filter: at most one value for a pair of filter and key. Filters must be valid. */
export class TopicTrie<K, V> {
  readonly #root: Node<K, V> = createNode();
  #size = 0;

  /** Pairs held. */
  get size(): number {
    return this.#size;
  }

  get(filter: string, key: K): V | undefined {
    let node: Node<K, V> | undefined = this.#root;
    for (const level of filter.split('/')) node = node?.children.get(level);
    return node?.values.get(key);
  }

  /** Every filter that the key has a value for; a walk over all there are. */
  filtersOf(key: K): readonly string[] {
    const found: string[] = [];
    const visit = (node: Node<K, V>, path: readonly string[]): void => {
      if (node.values.has(key)) found.push(path.join('/'));
      for (const [level, child] of node.children) visit(child, [...path, level]);
    };
    visit(this.#root, []);
    return found;
  }

  /** Every value; a walk over all there are. */
  values(): readonly V[] {
    const found: V[] = [];
    const visit = ({ values, children }: Node<K, V>): void => {
      found.push(...values.values());
      for (const child of children.values()) visit(child);
    };
    visit(this.#root);
    return found;
  }

  /** Adds or replaces. */
  set(filter: string, key: K, value: V): void {
    let node = this.#root;
    for (const level of filter.split('/')) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = createNode();
        node.children.set(level, child);
      }
      node = child;
    }
    if (!node.values.has(key)) this.#size += 1;
    node.values.set(key, value);
  }

  /** Removes a pair and the branches that it leaves empty. */
  delete(filter: string, key: K): void {
    const path: { readonly parent: Node<K, V>; readonly level: string; readonly node: Node<K, V> }[] = [];
    let node = this.#root;
    for (const level of filter.split('/')) {
      const child = node.children.get(level);
      if (child === undefined) return;
      path.push({ parent: node, level, node: child });
      node = child;
    }
    if (!node.values.delete(key)) return;
    this.#size -= 1;
    for (const step of path.reverse()) {
      if (step.node.values.size > 0 || step.node.children.size > 0) return;
      step.parent.children.delete(step.level);
    }
  }

  /**
   * Calls back for every pair whose filter matches the topic name. [MQTT-4.7.2-1] a wildcard in the first level does
   * not match a topic that begins with `$`.
   */
  match(topic: string, visit: (key: K, value: V) => void): void {
    walk(this.#root, topic.split('/'), 0, topic.startsWith('$'), visit);
  }
}

function walk<K, V>(
  node: Node<K, V>,
  levels: readonly string[],
  depth: number,
  reserved: boolean,
  visit: (key: K, value: V) => void,
): void {
  const wildcards = !(reserved && depth === 0);
  if (wildcards) emit(node.children.get('#'), visit);
  const level = levels[depth];
  if (level === undefined) {
    emit(node, visit);
    return;
  }
  const exact = node.children.get(level);
  if (exact !== undefined) walk(exact, levels, depth + 1, reserved, visit);
  const any = wildcards ? node.children.get('+') : undefined;
  if (any !== undefined) walk(any, levels, depth + 1, reserved, visit);
}

function emit<K, V>(node: Node<K, V> | undefined, visit: (key: K, value: V) => void): void {
  if (node === undefined) return;
  for (const [key, value] of node.values) visit(key, value);
}
