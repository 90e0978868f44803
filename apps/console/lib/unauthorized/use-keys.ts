'use client';

import { useEffect, useRef } from 'react';
import { noteKeys } from '@/lib/bound-keys';
import { useShortcutsEnabled } from '@/lib/use-shortcuts';

export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** "G then a letter" goes to a page; the letter must not act on a row as well. */
const GO_TO_MS = 1_000;
const TYPED_INTO = 'input:not([type="checkbox"]), textarea, select, [contenteditable="true"]';
/** Widgets with keys of their own. */
const OWN_KEYS = '[role="menu"], [role="menuitem"], [role="tablist"], [role="separator"], [role="listbox"]';
const PRESSED_BY_ENTER = 'button, a[href], summary, [role="button"]';

/** Marks the dialog that row keys go on working in. */
export const ROW_KEYS = 'data-row-keys';

function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const modal = document.querySelector('dialog:modal');
  if (modal !== null && modal.querySelector(`[${ROW_KEYS}]`) === null) return true;
  if (!(event.target instanceof Element)) return false;
  if (event.target.closest(TYPED_INTO) !== null || event.target.closest(OWN_KEYS) !== null) return true;
  if (event.key === 'Enter' && event.target.closest(PRESSED_BY_ENTER) !== null) return true;
  return event.key.startsWith('Arrow') && event.target.closest('pre') !== null;
}

/**
 * Keys of the page: `event.key`, letters in lower case. Silent while somebody types, in widgets with keys of their
 * own, in dialogs over the page, and when single-key shortcuts are switched off.
 */
export function useKeys(map: KeyMap): void {
  const [enabled] = useShortcutsEnabled();
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  const keys = Object.keys(map).join('\n');
  useEffect(() => noteKeys(keys.split('\n')), [keys]);
  useEffect(() => {
    if (!enabled) return;
    let goToAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent): void => {
      if (isTaken(event)) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const isSecond = event.timeStamp - goToAt < GO_TO_MS;
      goToAt = key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const run = latest.current[key];
      if (run === undefined || isSecond) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [enabled]);
}
