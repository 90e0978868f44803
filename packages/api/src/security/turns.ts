/** Lets so many costly questions be answered at a time; the others hear that it is busy. */
export class Turns {
  readonly #atOnceMax: number;
  #running = 0;

  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax;
  }

  async take<T>(answer: () => Promise<T>): Promise<T | 'busy'> {
    if (this.#running >= this.#atOnceMax) return 'busy';
    this.#running += 1;
    try {
      return await answer();
    } finally {
      this.#running -= 1;
    }
  }
}
