'use client';

import { useEffect, useId, useRef } from 'react';
import { placeBelow } from '@/lib/place';

const SHOW_AFTER_MS = 350;
/**
 * One tip for the whole page: any element with `data-tip="text"` shows it on hover and on keyboard focus,
 * Escape hides it (WCAG 1.4.13). In the top layer, so dialogs and overflow cannot cut it off.
 */
export function TooltipHost() {
  const ref = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    const bubble = ref.current;
    if (bubble === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let anchor: Element | null = null;
    const hide = (): void => {
      clearTimeout(timer);
      if (anchor?.getAttribute('aria-describedby') === id) anchor.removeAttribute('aria-describedby');
      anchor = null;
      if (bubble.matches(':popover-open')) bubble.hidePopover();
    };
    const show = (target: Element): void => {
      const text = target.getAttribute('data-tip');
      if (text === null || text === '' || !target.isConnected) return;
      anchor = target;
      bubble.textContent = text;
      bubble.showPopover();
      placeBelow(bubble, target, 'center');
      if (text !== target.getAttribute('aria-label') && !target.hasAttribute('aria-describedby')) {
        target.setAttribute('aria-describedby', id);
      }
    };
    const from = (event: Event): Element | null =>
      event.target instanceof Element ? event.target.closest('[data-tip]') : null;
    const onOver = (event: Event): void => {
      const target = from(event);
      if (target === anchor) return;
      hide();
      if (target !== null) timer = setTimeout(() => show(target), SHOW_AFTER_MS);
    };
    const onFocus = (event: Event): void => {
      const target = from(event);
      hide();
      // Not at once: focus also moves while the browser is opening a popover, and it refuses a second one then.
      if (target?.matches(':focus-visible') === true) timer = setTimeout(() => show(target), 0);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') hide();
    };
    const listeners = [
      ['pointerover', onOver],
      ['focusin', onFocus],
      ['focusout', hide],
      ['pointerdown', hide],
      ['scroll', hide],
    ] as const;
    for (const [name, listener] of listeners) document.addEventListener(name, listener, true);
    document.addEventListener('keydown', onKey, true);
    return () => {
      hide();
      for (const [name, listener] of listeners) document.removeEventListener(name, listener, true);
      document.removeEventListener('keydown', onKey, true);
    };
  }, [id]);
  return (
    <div
      ref={ref}
      id={id}
      role="tooltip"
      popover="manual"
      className="pointer-events-none fixed m-0 max-w-80 rounded-md border border-line-strong bg-raised px-2 py-1 text-xs break-words text-fg shadow-pop"
    />
  );
}
