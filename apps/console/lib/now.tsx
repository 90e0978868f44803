'use client';

import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react';

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let current = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    current = Date.now();
    timer = setInterval(() => {
      if (document.hidden) return;
      current = Date.now();
      for (const each of listeners) each();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const NowContext = createContext(0);

/** `now`: the server's time of the render, so that the first paint in the browser says the same. */
export function NowProvider({ now, children }: { readonly now: number; readonly children: ReactNode }) {
  return <NowContext value={now}>{children}</NowContext>;
}

/** The time in ms, moving on in steps; one timer serves the whole page and rests in background tabs. */
export function useNow(stepMs = TICK_MS): number {
  const rendered = useContext(NowContext);
  const step = (time: number): number => Math.floor(time / stepMs) * stepMs;
  return useSyncExternalStore(
    subscribe,
    () => step(current === 0 ? rendered : current),
    () => step(rendered),
  );
}
