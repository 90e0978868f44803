import { oldestOf } from '../oldest.ts';

/** A map that holds at most `max` entries: what was written longest ago makes room. */
export interface BoundedMap<V> {
  readonly size: number;
  get(key: string): V | undefined;
  /** Writes, and makes the entry the newest. */
  set(key: string, value: V): void;
  delete(key: string): void;
  /** The keys of a group, found without going through the others. */
  keysOf(group: string): readonly string[];
  clear(): void;
  /** Newest first. */
  newestFirst(): readonly (readonly [string, V])[];
}

/** `groupsOf` says which groups an entry belongs to; it must always say the same of one key. */
export function createBoundedMap<V>(
  max: number,
  groupsOf: (value: V) => readonly string[] = () => [],
): BoundedMap<V> {
  const map = new Map<string, V>();
  const oldest = oldestOf(map);
  // A group of one is its key: a storm from everywhere makes a group for each address.
  const groups = new Map<string, string | Set<string>>();
  const leave = (group: string, key: string): void => {
    const keys = groups.get(group);
    if (keys === key) groups.delete(group);
    if (!(keys instanceof Set)) return;
    keys.delete(key);
    if (keys.size === 0) groups.delete(group);
  };
  const join = (group: string, key: string): void => {
    const keys = groups.get(group);
    if (keys === undefined) groups.set(group, key);
    else if (keys instanceof Set) keys.add(key);
    else groups.set(group, new Set([keys, key]));
  };
  const remove = (key: string): void => {
    const value = map.get(key);
    if (value === undefined) return;
    map.delete(key);
    for (const group of groupsOf(value)) leave(group, key);
  };
  return {
    get size() {
      return map.size;
    },
    get: (key) => map.get(key),
    set(key, value) {
      const isNew = !map.delete(key);
      map.set(key, value);
      if (!isNew) return;
      for (const group of groupsOf(value)) join(group, key);
      const tooMuch = map.size > max ? oldest() : undefined;
      if (tooMuch !== undefined) remove(tooMuch);
    },
    delete: remove,
    keysOf(group) {
      const keys = groups.get(group) ?? [];
      return typeof keys === 'string' ? [keys] : [...keys];
    },
    clear() {
      map.clear();
      groups.clear();
    },
    newestFirst: () => [...map].reverse(),
  };
}
