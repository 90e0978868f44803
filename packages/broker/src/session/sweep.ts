import type { BrokerContext } from '../context.ts';

/** Milliseconds between two rounds. */
const INTERVAL_MS = 60_000;
/** Sessions, and levels of retained topics, that are looked at before the event loop gets its turn. */
const SLICE_MAX = 1_024;

type SweepContext = Pick<BrokerContext, 'clock' | 'registry' | 'retained' | 'log'>;

/**
 * Takes away what has expired and nobody has come for: messages that wait for clients that are away, and retained ones.
 * Once a minute, in slices; what is asked for before is looked at then.
 */
export class Sweep {
  readonly #context: SweepContext;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(context: SweepContext) {
    this.#context = context;
  }

  start(): void {
    const { clock, log } = this.#context;
    this.#cancel = clock.after(INTERVAL_MS, () => {
      this.#round().catch((err: unknown) => {
        log.error({ err }, 'expired messages could not be taken away');
      });
      this.start();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async #round(): Promise<void> {
    const { registry, retained } = this.#context;
    let left = SLICE_MAX;
    for (const session of [...registry]) {
      if (this.#stopped) return;
      session.outgoing.sweep();
      left -= 1;
      if (left > 0) continue;
      left = SLICE_MAX;
      await nextTurn();
    }
    // A walk removes what has expired in passing.
    const walk = retained.walk('#');
    while (!walk.done && !this.#stopped) {
      walk.advance(SLICE_MAX, () => true);
      await nextTurn();
    }
  }
}

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
