import type { AttemptBatchText, Clock, FlushOutcome } from '@gatehouse/ports';
import type { AttemptBuffer, Taken } from './attempt-buffer.ts';
import type { RecorderLimits } from './limits.ts';

export interface FlusherOptions {
  readonly buffer: AttemptBuffer;
  readonly flush: (batch: AttemptBatchText) => Promise<FlushOutcome> | Promise<void>;
  readonly clock: Clock;
  readonly limits: RecorderLimits;
  /** A batch was tried as often as it may be; its attempts are lost. */
  readonly lost: (taken: Taken) => void;
  /** Itemised attempts of a stored batch that could not be stored with it. */
  readonly skipped: (attempts: number) => void;
}

type Sent =
  { readonly result: 'stored' | 'nothing' } | { readonly result: 'failed'; readonly error: unknown };

const ERROR_TEXT_CHARS_MAX = 200;
const BACKOFF_DOUBLINGS_MAX = 16;

/** Sends batches one at a time: the interval after something came in, and at once while whole batches wait. */
export class Flusher {
  readonly #options: FlusherOptions;
  #cancelTimer: (() => void) | undefined;
  #sending: Promise<Sent> | undefined;
  /** A batch that failed, sent again as it is. */
  #kept: Taken | undefined;
  #tries = 0;
  #stopped = false;
  #flushes = 0;
  #lastFlushAt: number | null = null;
  #lastError: string | null = null;

  constructor(options: FlusherOptions) {
    this.#options = options;
  }

  get counters(): {
    readonly flushes: number;
    readonly lastFlushAt: number | null;
    readonly lastFlushError: string | null;
  } {
    return { flushes: this.#flushes, lastFlushAt: this.#lastFlushAt, lastFlushError: this.#lastError };
  }

  /** Something waits. */
  wake(): void {
    if (this.#stopped || this.#sending !== undefined || this.#cancelTimer !== undefined) return;
    this.#arm(this.#options.limits.flushIntervalMs);
  }

  /** Sends all that waits now; rejects with the error of the batch that could not be stored. */
  async drain(): Promise<void> {
    const upTo = this.#options.buffer.newest;
    while (this.#sending !== undefined || this.#kept !== undefined || this.#options.buffer.oldest <= upTo) {
      const sent = await this.#send();
      if (sent.result === 'failed') throw sent.error;
    }
  }

  /** Tries once more to send what waits, and gives up the rest. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.drain().catch(() => undefined);
    this.discard();
  }

  /** Gives up all that waits, but not what is being sent. */
  discard(): void {
    if (this.#sending === undefined && this.#kept !== undefined) this.#giveUp(this.#kept);
    for (let taken = this.#options.buffer.take(); taken !== undefined; taken = this.#options.buffer.take()) {
      this.#giveUp(taken);
    }
  }

  #arm(ms: number): void {
    this.#cancelTimer = this.#options.clock.after(ms, () => {
      this.#cancelTimer = undefined;
      void this.#cycle();
    });
  }

  #armRetry(): void {
    if (this.#stopped || this.#cancelTimer !== undefined) return;
    const { flushIntervalMs, retryMsMax } = this.#options.limits;
    this.#arm(Math.min(retryMsMax, flushIntervalMs * 2 ** Math.min(this.#tries, BACKOFF_DOUBLINGS_MAX)));
  }

  async #cycle(): Promise<void> {
    const { buffer, limits } = this.#options;
    do {
      const sent = await this.#send();
      if (sent.result === 'failed') {
        this.#armRetry();
        return;
      }
    } while (!this.#stopped && buffer.waiting >= limits.batchMax);
    if (buffer.waiting > 0) this.wake();
  }

  /** One batch; who asks while one is on its way gets that one's outcome. */
  #send(): Promise<Sent> {
    this.#sending ??= this.#sendNext().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendNext(): Promise<Sent> {
    const { buffer, flush, clock, skipped } = this.#options;
    const taken = this.#kept ?? buffer.take();
    if (taken === undefined) return { result: 'nothing' };
    this.#kept = taken;
    try {
      const outcome = await flush(taken.batch);
      if (outcome !== undefined) skipped(outcome.skippedAttempts);
    } catch (error) {
      return this.#failed(taken, error);
    }
    this.#kept = undefined;
    this.#tries = 0;
    buffer.release(taken);
    this.#flushes += 1;
    this.#lastFlushAt = clock.now();
    this.#lastError = null;
    return { result: 'stored' };
  }

  #failed(taken: Taken, error: unknown): Sent {
    this.#tries += 1;
    this.#lastError = (error instanceof Error ? error.message : 'unknown error').slice(
      0,
      ERROR_TEXT_CHARS_MAX,
    );
    if (this.#tries >= this.#options.limits.triesMax) this.#giveUp(taken);
    return { result: 'failed', error };
  }

  #giveUp(taken: Taken): void {
    if (this.#kept === taken) {
      this.#kept = undefined;
      this.#tries = 0;
    }
    this.#options.buffer.release(taken);
    this.#options.lost(taken);
  }
}
