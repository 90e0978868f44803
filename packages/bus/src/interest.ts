// Which subjects are listened to at the bus, for the filters that a node has: bounded, whatever its clients subscribe to.

/** Subscriptions of one node at the bus; above it siblings become one of their parent, and more comes than was asked for. */
const SUBSCRIPTIONS_MAX = 50_000;
/** How full it is after siblings were put together, so that this is rare. */
const FULL_AFTER = 0.8;
/** The least part of all that is worth to be put together: below it another parent, further up, is taken. */
const WORTH = 0.01;

/** What the interest wants of the bus. */
export interface Subscriber {
  readonly subscribe: (subject: string) => void;
  readonly unsubscribe: (subject: string) => void;
}

const below = (prefix: string): string => `${prefix}.>`;

/** All prefixes of a subject, the longest first. */
function* prefixesOf(subject: string): Generator<string> {
  for (let end = subject.lastIndexOf('.'); end > 0; end = subject.lastIndexOf('.', end - 1)) {
    yield subject.slice(0, end);
  }
}

/** Counts who wants a subject, and subscribes to it or to a parent of it; never to what is above one of the `roots`. */
export class Interest {
  readonly #subscriber: Subscriber;
  readonly #roots: readonly string[];
  readonly #max: number;
  /** Subjects with a subscription of their own, and how many want each. */
  readonly #own = new Map<string, number>();
  /** Parents that stand for what is below them. */
  readonly #parents = new Map<string, Map<string, number>>();

  constructor(subscriber: Subscriber, roots: readonly string[], max = SUBSCRIPTIONS_MAX) {
    this.#subscriber = subscriber;
    this.#roots = roots;
    this.#max = max;
  }

  /** What there are subscriptions for. */
  *subjects(): Generator<string> {
    yield* this.#own.keys();
    for (const parent of this.#parents.keys()) yield below(parent);
  }

  get size(): number {
    return this.#own.size + this.#parents.size;
  }

  add(subject: string): void {
    const parent = this.#parentOf(subject);
    const wanted = parent === undefined ? this.#own : this.#parents.get(parent);
    const count = wanted?.get(subject) ?? 0;
    wanted?.set(subject, count + 1);
    if (parent !== undefined || count > 0) return;
    this.#subscriber.subscribe(subject);
    if (this.size > this.#max) this.#putTogether();
  }

  remove(subject: string): void {
    const parent = this.#parentOf(subject);
    const wanted = parent === undefined ? this.#own : this.#parents.get(parent);
    const count = wanted?.get(subject);
    if (wanted === undefined || count === undefined) return;
    if (count > 1) {
      wanted.set(subject, count - 1);
      return;
    }
    wanted.delete(subject);
    if (parent === undefined) this.#subscriber.unsubscribe(subject);
    else if (wanted.size <= this.#max * WORTH) this.#takeApart(parent, wanted);
  }

  #parentOf(subject: string): string | undefined {
    if (this.#parents.size === 0) return undefined;
    for (const prefix of prefixesOf(subject)) if (this.#parents.has(prefix)) return prefix;
    return undefined;
  }

  /** What is left under a parent has subscriptions of its own again, where there is room. */
  #takeApart(parent: string, left: Map<string, number>): void {
    if (left.size > 0 && this.size + left.size > this.#max * FULL_AFTER) return;
    this.#parents.delete(parent);
    for (const [subject, count] of left) {
      this.#own.set(subject, count);
      if (subject !== below(parent)) this.#subscriber.subscribe(subject);
    }
    if (!left.has(below(parent))) this.#subscriber.unsubscribe(below(parent));
  }

  #putTogether(): void {
    while (this.size > this.#max * FULL_AFTER) {
      const parents = this.#worthParents();
      if (parents.length === 0) return;
      for (const parent of parents) this.#parents.set(parent, this.#adopt(parent));
      for (const [subject, count] of this.#own) {
        const parent = this.#parentOf(subject);
        if (parent === undefined) continue;
        this.#parents.get(parent)?.set(subject, count);
        this.#own.delete(subject);
        if (subject !== below(parent)) this.#subscriber.unsubscribe(subject);
      }
    }
  }

  /** Listens to a parent, before what is below it is let go, and takes over from parents below it. */
  #adopt(parent: string): Map<string, number> {
    if (!this.#own.has(below(parent))) this.#subscriber.subscribe(below(parent));
    const held = new Map<string, number>();
    for (const [other, wanted] of this.#parents) {
      if (!other.startsWith(`${parent}.`)) continue;
      this.#parents.delete(other);
      this.#subscriber.unsubscribe(below(other));
      for (const [subject, count] of wanted) held.set(subject, count);
    }
    return held;
  }

  /** The fullest of the lowest prefixes that enough subjects share, as many as are needed. */
  #worthParents(): readonly string[] {
    const byLevels = new Map<number, Map<string, number>>();
    for (const subject of this.subjects()) {
      let levels = subject.split('.').length;
      for (const prefix of prefixesOf(subject)) {
        levels -= 1;
        const counts = byLevels.get(levels) ?? new Map<string, number>();
        byLevels.set(levels, counts.set(prefix, (counts.get(prefix) ?? 0) + 1));
        if (this.#roots.includes(prefix)) break;
      }
    }
    const least = Math.max(2, this.#max * WORTH);
    const worth = [...byLevels]
      .sort(([a], [b]) => b - a)
      .map(([, counts]) => [...counts].filter(([, count]) => count >= least))
      .find((counts) => counts.length > 0);
    let excess = this.size - this.#max * FULL_AFTER;
    const needed: string[] = [];
    for (const [prefix, count] of (worth ?? []).sort(([, a], [, b]) => b - a)) {
      if (excess <= 0) break;
      needed.push(prefix);
      excess -= count - 1;
    }
    return needed;
  }
}
