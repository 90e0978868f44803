const bound = new Set<readonly string[]>();

/** Notes keys that work while something is on the page; the answer forgets them. */
export function noteKeys(keys: readonly string[]): () => void {
  bound.add(keys);
  return () => {
    bound.delete(keys);
  };
}

/** Keys that work on the page as it is now. */
export const boundKeys = (): ReadonlySet<string> => new Set([...bound].flat());
