'use client';

import type { WatchDto } from '@gatehouse/contract';
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { api } from '@/lib/api';
import { lazyPart } from '@/lib/lazy-part';
import { WATCHES_PATH, type WatchAsk } from '@/lib/unauthorized/watches';
import { useAction } from '@/lib/use-action';

const WatchPanel = lazyPart(() => import('./watch-panel').then((module) => module.WatchPanel));

interface WatchControl {
  /** Shows what is watched. */
  readonly show: () => void;
  /** Starts a watch, or finds the one that runs, and shows it. */
  readonly start: (ask: WatchAsk) => void;
}

const WatchContext = createContext<WatchControl>({ show: () => undefined, start: () => undefined });

/** Shows and starts watches from anywhere in the page. */
export const useWatches = (): WatchControl => useContext(WatchContext);

/** One panel for the whole page, so that a watch stays open while the row it was started from moves or goes. */
export function WatchProvider({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const { mutate } = useAction((ask: WatchAsk) => api.post<WatchDto>(WATCHES_PATH, ask), {
    stale: [WATCHES_PATH],
    onDone: ({ id }) => {
      setChosen(id);
      setOpen(true);
    },
  });
  const control = useMemo(() => ({ show: () => setOpen(true), start: mutate }), [mutate]);
  return (
    <WatchContext value={control}>
      {children}
      {open && <WatchPanel chosen={chosen} onChoose={setChosen} onClose={() => setOpen(false)} />}
    </WatchContext>
  );
}
