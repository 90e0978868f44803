/** Milliseconds without a key or a pointer after which what the page asks by itself is no activity of anybody's. */
const IDLE_AFTER_MS = 60_000;

let lastInputAt = Number.POSITIVE_INFINITY;

export const noteInput = (): void => {
  lastInputAt = performance.now();
};

/** Whether nobody has touched the page for a while: its own questions then keep no session open. */
export const isIdle = (): boolean => performance.now() - lastInputAt > IDLE_AFTER_MS;
