/** Milliseconds between two questions whether the server is back. */
const ASK_MS = 2_000;

/** A part of the page that is loaded when it is needed could not be. */
export const isMissingPart = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'ChunkLoadError' ||
    /load(ing)? (css )?chunk|dynamically imported module/i.test(error.message));

/** Tells once the page's server answers; returns how to stop asking. */
export function whenServerAnswers(tell: () => void): () => void {
  const timer = setInterval(() => {
    fetch(location.href, { method: 'HEAD' }).then(
      ({ ok }) => {
        if (!ok) return;
        clearInterval(timer);
        tell();
      },
      () => undefined,
    );
  }, ASK_MS);
  return () => clearInterval(timer);
}

/** Why a part is missing: the server is away, or answers and no longer has it, as one of another version does. */
export interface Missing {
  readonly cause: 'away' | 'gone';
}

/** What is told; a new value for each part that is missed, so that each is told. */
let missing: Missing | null = null;
let waiting: readonly ((serverAnswers: boolean) => void)[] = [];
const listeners = new Set<() => void>();

const tell = (next: Missing | null): void => {
  missing = next;
  for (const listener of listeners) listener();
};

export const missingNow = (): Missing | null => missing;
export const onMissing = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Asks for all that is missing once more. */
export function askAgain(serverAnswers: boolean): void {
  const asked = waiting;
  waiting = [];
  tell(null);
  for (const ask of asked) ask(serverAnswers);
}

/** Loads a part; one that cannot be had is waited for, and asked for again whenever somebody says so. */
export async function onceThere<T>(load: () => Promise<T>): Promise<T> {
  for (let serverAnswers = false; ;) {
    try {
      return await load();
    } catch (error) {
      if (!isMissingPart(error)) throw error;
      const cause = serverAnswers ? 'gone' : 'away';
      serverAnswers = await new Promise<boolean>((resolve) => {
        waiting = [...waiting, resolve];
        tell({ cause });
      });
    }
  }
}
