/**
 * Returns what tells a map's oldest key, in constant time, as long as every key that it tells is deleted before it is
 * asked again. An iterator that is made anew each time walks over the holes that deleted entries leave: with 10 000
 * entries, each of which makes room for the next, that is 12 µs.
 */
export function oldestOf<K>(map: ReadonlyMap<K, unknown>): () => K | undefined {
  let keys = map.keys();
  return () => {
    const next = keys.next();
    if (next.done !== true) return next.value;
    // It had come to the end, and stays there whatever was added since.
    keys = map.keys();
    return keys.next().value;
  };
}
