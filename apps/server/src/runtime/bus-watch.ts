import type { Clock } from '@gatehouse/auth-core';
import type { Bus, NodeFacts } from '@gatehouse/ports';

const HELLO = 'hello';
const HELLO_EVERY_MS = 3_000;
/** How long nothing may come from a node that lives by the database, and to which the bus should lead. */
const SILENT_MS_MAX = 15_000;
const NOTHING = new Uint8Array(0);

/** What a watch needs. */
export interface BusWatchOptions {
  readonly bus: Bus;
  /** The nodes of the database. */
  readonly nodes: () => Promise<readonly Pick<NodeFacts, 'node' | 'isAlive'>[]>;
  readonly clock: Clock;
  /** Other nodes that live and are not heard, whenever that changes; none: all are heard again. */
  readonly onSilent: (nodes: readonly string[]) => void;
}

/**
 * Each node says over the bus that it is there. Who lives by the database and is not heard has another bus: one of another
 * cluster, say, with which everything seems to work but messages of QoS 0 and hints.
 */
export class BusWatch {
  readonly #options: BusWatchOptions;
  /** By node: when it was last heard, or was first known to live. */
  readonly #heard = new Map<string, number>();
  #silent: readonly string[] = [];
  #cancel: () => void = () => undefined;
  #isLooking = false;
  #isOver = false;

  constructor(options: BusWatchOptions) {
    this.#options = options;
    options.bus.on(HELLO, (from) => {
      this.#heard.set(from, options.clock.monotonic());
    });
    this.#later();
  }

  /** Whether messages reach all that live, as far as is known. */
  get isWell(): boolean {
    return this.#options.bus.isUp && this.#silent.length === 0;
  }

  close(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #later(): void {
    if (this.#isOver) return;
    const { bus, clock } = this.#options;
    this.#cancel = clock.after(HELLO_EVERY_MS, () => {
      bus.broadcast(HELLO, NOTHING);
      void this.#look();
      this.#later();
    });
  }

  async #look(): Promise<void> {
    // A database that hangs keeps nobody from saying that it is there.
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { bus, nodes, clock } = this.#options;
    // The database is away: who lives is not known, and what was known stays.
    const known = await nodes().catch(() => undefined);
    this.#isLooking = false;
    if (known === undefined) return;
    const living = known.filter(({ node, isAlive }) => isAlive && node !== bus.node).map(({ node }) => node);
    const now = clock.monotonic();
    for (const node of this.#heard.keys()) if (!living.includes(node)) this.#heard.delete(node);
    // While there is no bus nobody can be heard, which is told as that.
    for (const node of living) if (!bus.isUp || !this.#heard.has(node)) this.#heard.set(node, now);
    this.#tell(living.filter((node) => now - (this.#heard.get(node) ?? now) > SILENT_MS_MAX));
  }

  #tell(silent: readonly string[]): void {
    if (this.#isOver || silent.join() === this.#silent.join()) return;
    this.#silent = silent;
    this.#options.onSilent(silent);
  }
}
