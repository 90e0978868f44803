'use client';

import { useSyncExternalStore } from 'react';
import { applyTheme, currentTheme, type Theme } from '@/lib/theme';

function subscribe(listener: () => void): () => void {
  window.addEventListener('gatehouse:theme', listener);
  return () => window.removeEventListener('gatehouse:theme', listener);
}

const onServer = (): Theme => 'system';

export const useTheme = (): readonly [Theme, (theme: Theme) => void] => [
  useSyncExternalStore(subscribe, currentTheme, onServer),
  applyTheme,
];
