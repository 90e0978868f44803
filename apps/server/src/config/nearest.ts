/** Edit distance with transpositions (optimal string alignment), over UTF-16 units. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** Names longer than this are not compared: they are no slip of the keyboard. */
const NAME_CHARACTERS_MAX = 128;

/** The candidate that `name` most probably means, or undefined when none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > NAME_CHARACTERS_MAX) return undefined;
  const wanted = name.toLowerCase();
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance <= Math.max(2, Math.floor(candidate.length / 3)) && distance < (best?.distance ?? Infinity))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/**
 * The known path that an unknown one most probably means: a neighbour under the same parent first, then one whose last
 * key is the same (`tcp.port` → `listeners.tcp.port`), then the nearest of all.
 */
export function nearestPath(path: string, known: readonly string[]): string | undefined {
  const cut = path.lastIndexOf('.');
  const parent = cut < 0 ? '' : path.slice(0, cut + 1);
  const leaf = path.slice(cut + 1);
  const siblings = known.filter((one) => one.startsWith(parent) && !one.slice(parent.length).includes('.'));
  const sibling = nearest(
    leaf,
    siblings.map((one) => one.slice(parent.length)),
  );
  if (sibling !== undefined) return `${parent}${sibling}`;
  return (
    known.find((one) => one.endsWith(`.${path}`)) ??
    known.find((one) => one.endsWith(`.${leaf}`)) ??
    nearest(path, known)
  );
}
