'use client';

import { useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';
import { noteKeys } from './bound-keys';
import { usePref } from './use-pref';

export type ShortcutMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));

/** Single-key shortcuts can be switched off (WCAG 2.1.4). */
export const useShortcutsEnabled = (): readonly [boolean, (on: boolean) => void] => {
  const [value, set] = usePref('shortcuts', 'on');
  return [value === 'on', (on) => set(on ? 'on' : 'off')];
};

/**
 * Keys of the page, in tinykeys' notation. Silent while somebody types, while a modal dialog is open,
 * and when shortcuts are switched off.
 */
export function useShortcuts(map: ShortcutMap): void {
  const [enabled] = useShortcutsEnabled();
  const latest = useRef(map);
  const keys = Object.keys(map).join('\n');
  useEffect(() => {
    latest.current = map;
  });
  useEffect(() => noteKeys(keys.split('\n')), [keys]);
  useEffect(() => {
    if (!enabled) return;
    const bindings = Object.fromEntries(
      keys.split('\n').map((key) => [
        key,
        (event: KeyboardEvent) => {
          if (isTyping(event.target) || document.querySelector('dialog:modal') !== null) return;
          event.preventDefault();
          latest.current[key]?.(event);
        },
      ]),
    );
    return tinykeys(window, bindings);
  }, [enabled, keys]);
}
