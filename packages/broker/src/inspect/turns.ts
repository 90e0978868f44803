import { INSPECT_BOUNDS } from './bounds.ts';

/** Lets so many questions be answered at a time; the others hear that it is busy. */
export class Turns {
  #running = 0;

  async take<T>(answer: () => Promise<T>): Promise<T | 'busy'> {
    if (this.#running >= INSPECT_BOUNDS.scansAtOnceMax) return 'busy';
    this.#running += 1;
    try {
      return await answer();
    } finally {
      this.#running -= 1;
    }
  }
}
