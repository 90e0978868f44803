/** A map that holds at most `max` entries: what was written longest ago makes room. */
export interface BoundedMap<V> {
  get(key: string): V | undefined;
  /** Writes, and makes the entry the newest. */
  set(key: string, value: V): void;
  delete(key: string): void;
  /** Newest first. */
  newestFirst(): readonly (readonly [string, V])[];
}

export function createBoundedMap<V>(max: number): BoundedMap<V> {
  const map = new Map<string, V>();
  return {
    get: (key) => map.get(key),
    set(key, value) {
      map.delete(key);
      map.set(key, value);
      if (map.size <= max) return;
      for (const oldest of map.keys()) {
        map.delete(oldest);
        return;
      }
    },
    delete: (key) => {
      map.delete(key);
    },
    newestFirst: () => [...map].reverse(),
  };
}
