import type { JournalHealth } from '@gatehouse/ports';

/** Milliseconds until what could not be done is tried again. */
const RETRY_MS = 500;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Work on a database that may be away: in order where it is asked for, and tried again until it is done or this is ended. */
export class Writes {
  /** One at a time, in order. */
  #last: Promise<void> = Promise.resolve();
  #health: (health: JournalHealth) => void = () => undefined;
  #failing = false;
  #closing = false;
  readonly #ended = new AbortController();

  onHealth(listener: (health: JournalHealth) => void): void {
    this.#health = listener;
  }

  isEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  /** What fails from now on is not tried again. */
  end(): void {
    this.#ended.abort();
  }

  /** After everything that was asked for in order before. */
  inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /** Until it is done. */
  async insist<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      if (this.isEnded()) throw new Error('the journal is closed');
      try {
        const result = await work();
        this.#recovered();
        return result;
      } catch (error) {
        if (this.isEnded() || this.#closing) throw error;
        this.#failed(messageOf(error));
        await this.#pause();
      }
    }
  }

  /** Waits for what can be done, but not for a database that takes nothing, and ends. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#failing) this.end();
    await this.#last;
    this.end();
  }

  #failed(problem: string): void {
    if (!this.#failing) this.#health({ state: 'failing', problem });
    this.#failing = true;
  }

  #recovered(): void {
    if (this.#failing) this.#health({ state: 'ok' });
    this.#failing = false;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#ended;
      const timer = setTimeout(done, RETRY_MS);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }
}
