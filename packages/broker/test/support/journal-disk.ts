import type { JournalHealth, JournalSegment, JournalStore } from '@gatehouse/ports';

/** A disk that the test turns: batches land when it says so, and what landed outlives the broker. */
export class JournalDisk {
  /** Whether a batch lands by itself. */
  lands = true;
  readonly segments: JournalSegment[] = [];
  #flying: { readonly segment: JournalSegment; readonly landed: () => void }[] = [];
  #wake: (() => void) | undefined;
  /** The lowest number that was asked to be kept. */
  droppedBefore = 0;

  closed = false;

  /** What a broker is given; a new one after each start. */
  readonly open = (): Promise<JournalStore> => {
    this.#flying = [];
    return Promise.resolve({
      read: (after) => Promise.resolve(this.segments.filter(({ number }) => number > after).slice(0, 3)),
      append: (segment) =>
        new Promise<void>((resolve) => {
          this.#flying.push({ segment, landed: resolve });
          if (this.lands) this.land();
          else this.#wake?.();
        }),
      dropBefore: (number) => {
        this.droppedBefore = number;
        const kept = this.segments.filter((segment) => segment.number >= number);
        this.segments.splice(0, this.segments.length, ...kept);
      },
      onHealth: (listener) => {
        this.health = listener;
      },
      close: () => {
        this.closed = true;
        return Promise.resolve();
      },
    });
  };

  health: (health: JournalHealth) => void = () => undefined;

  /** Lets everything land that is on its way. */
  land(): void {
    for (const { segment, landed } of this.#flying.splice(0)) {
      // As a disk would: the bytes, not the buffer.
      this.segments.push({ number: segment.number, bytes: Uint8Array.from(segment.bytes) });
      landed();
    }
  }

  /** Resolves when a batch is on its way and has not landed. */
  async flying(): Promise<void> {
    while (this.#flying.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
