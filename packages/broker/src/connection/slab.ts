/** Memory that small packets share on their way out; a packet of more than a part of it gets memory of its own. */
const SLAB_BYTES = 16_384;
const PIECE_BYTES_MAX = 4_096;

/**
 * Memory in which packets that are written one after the other lie behind one another, so that they go out as one run:
 * pieces of Node's own pool are rounded up to eight bytes. Shared by all connections; no place is
 * written to twice.
 */
export class Slab {
  bytes = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #used = 0;

  fits(length: number): boolean {
    return length <= PIECE_BYTES_MAX;
  }

  /** Returns where in `bytes` there is room for so many. */
  reserve(length: number): number {
    if (this.#used + length > SLAB_BYTES) {
      this.bytes = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += length;
    return at;
  }
}
