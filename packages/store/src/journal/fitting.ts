/** Bytes of segments that one read hands over at most, unless a single one is larger. */
const READ_BYTES_MAX = 4_194_304;
/** Segments that one read hands over at most. */
export const READ_SEGMENTS_MAX = 4_096;

/** How many of the next segments, by their sizes in bytes, one read hands over. */
export function fitting(sizes: readonly number[]): number {
  let bytes = 0;
  const over = sizes.findIndex((size, index) => {
    bytes += size;
    return index > 0 && bytes > READ_BYTES_MAX;
  });
  return over === -1 ? sizes.length : over;
}
