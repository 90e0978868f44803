import type { ChangeFeed, ChangeMark, Clock, NotedChange } from '@gatehouse/ports';
import type { Logger } from 'pino';

/** Milliseconds between two looks at what others changed: a change is in force within a second, also without a hint. */
const LOOK_MS = 500;
/** Milliseconds between two removals of what everybody has read. */
const SWEEP_MS = 60_000;

export interface FollowOptions {
  readonly feed: ChangeFeed;
  /** Taken before anything was read that others may change. */
  readonly mark: ChangeMark;
  /** Puts changes in force; what it rejects with is tried again. */
  readonly apply: (changes: readonly NotedChange[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Gives a listener that is called when another server has changed something: it is looked for at once. */
  readonly hint?: (listener: () => void) => void;
}

/** Puts in force what other servers on the same database change, until it is stopped. */
export function followChanges(options: FollowOptions): { readonly stop: () => Promise<void> } {
  const { clock, hint } = options;
  const follower = new Follower(options);
  let isStopped = false;
  let isHinted = false;
  let running: Promise<void> | undefined;
  let cancel: () => void = () => undefined;
  const look = (): void => {
    cancel();
    isHinted = false;
    running = follower.look().then(() => {
      running = undefined;
      if (isStopped) return;
      if (isHinted) look();
      else cancel = clock.after(LOOK_MS, look);
    });
  };
  hint?.(() => {
    isHinted = true;
    if (running === undefined && !isStopped) look();
  });
  cancel = clock.after(LOOK_MS, look);
  return {
    stop: async () => {
      isStopped = true;
      cancel();
      await running;
    },
  };
}

class Follower {
  readonly #options: FollowOptions;
  #mark: ChangeMark;
  #isTroubled = false;
  #sweptAt: number;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#mark = options.mark;
    this.#sweptAt = options.clock.monotonic();
  }

  /** Reads to the end. Never rejects: what could not be read, or put in force, is read again by the next look. */
  async look(): Promise<void> {
    const { log, clock, feed } = this.#options;
    try {
      await this.#readAll();
      if (this.#isTroubled) log.info({}, 'what other servers change is read again');
      this.#isTroubled = false;
      if (clock.monotonic() - this.#sweptAt < SWEEP_MS) return;
      this.#sweptAt = clock.monotonic();
      await feed.sweep();
    } catch (error) {
      if (!this.#isTroubled)
        log.warn({ err: error }, 'what other servers changed could not be put in force; it is tried again');
      this.#isTroubled = true;
    }
  }

  async #readAll(): Promise<void> {
    const { feed, apply } = this.#options;
    for (;;) {
      const { changes, mark, more } = await feed.read(this.#mark);
      if (changes.length > 0) await apply(changes);
      this.#mark = mark;
      if (!more) return;
    }
  }
}
