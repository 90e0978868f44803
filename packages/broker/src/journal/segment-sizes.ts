/** A segment of the journal that is needed, and its size in bytes. */
export interface SegmentSize {
  readonly number: number;
  readonly bytes: number;
}

/** The segments that are needed, oldest first, and how many bytes they are together. */
export class SegmentSizes {
  #sizes: SegmentSize[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Starts over with these. */
  use(sizes: readonly SegmentSize[]): void {
    this.#sizes = [...sizes];
    this.#bytes = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  add(size: SegmentSize): void {
    this.#sizes.push(size);
    this.#bytes += size.bytes;
  }

  dropBefore(number: number): void {
    const kept = this.#sizes.findIndex((size) => size.number >= number);
    const dropped = this.#sizes.splice(0, kept === -1 ? this.#sizes.length : kept);
    this.#bytes -= dropped.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
