import { createRequire } from 'node:module';

const load: (name: string) => unknown = createRequire(import.meta.url);

/** A package that is loaded when it is first asked for: only a thread that speaks to such a backend pays its memory. */
export function driver(name: string): () => unknown {
  let loaded: unknown;
  return () => (loaded ??= load(name));
}
