'use client';

import { useSyncExternalStore } from 'react';

const never = (): (() => void) => () => undefined;

/**
 * False on the server and while the browser takes the server's page over, true from then on. For what another part of
 * the page may have read meanwhile (the shell's numbers): shown only when nothing is compared with the server's page.
 */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
