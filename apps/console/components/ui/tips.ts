import { placeBelow } from '@/lib/place';

const SHOW_AFTER_MS = 350;

interface Tip {
  /** What the tip shown belongs to. */
  readonly anchor: () => Element | null;
  readonly show: (target: Element) => void;
  readonly hide: () => void;
}

/** The page's one bubble: shows an element's `data-tip` below it and describes the element by it. */
export function tipIn(bubble: HTMLElement, id: string): Tip {
  let anchor: Element | null = null;
  return {
    anchor: () => anchor,
    hide: () => {
      if (anchor?.getAttribute('aria-describedby') === id) anchor.removeAttribute('aria-describedby');
      anchor = null;
      if (bubble.matches(':popover-open')) bubble.hidePopover();
    },
    show: (target) => {
      const text = target.getAttribute('data-tip');
      if (text === null || text === '' || !target.isConnected) return;
      anchor = target;
      bubble.textContent = text;
      bubble.showPopover();
      placeBelow(bubble, target, 'center');
      if (text !== target.getAttribute('aria-label') && !target.hasAttribute('aria-describedby')) {
        target.setAttribute('aria-describedby', id);
      }
    },
  };
}

const tipped = (event: Event): Element | null =>
  event.target instanceof Element ? event.target.closest('[data-tip]') : null;

/** Shows tips on hover and keyboard focus, hides them on anything else; gives back how to stop. */
export function watchTips(tip: Tip): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hide = (): void => {
    clearTimeout(timer);
    tip.hide();
  };
  const onOver = (event: Event): void => {
    const target = tipped(event);
    if (target === tip.anchor()) return;
    hide();
    if (target !== null) timer = setTimeout(() => tip.show(target), SHOW_AFTER_MS);
  };
  const onFocus = (event: Event): void => {
    const target = tipped(event);
    hide();
    // Not at once: focus also moves while the browser is opening a popover, and it refuses a second one then.
    if (target?.matches(':focus-visible') === true) timer = setTimeout(() => tip.show(target), 0);
  };
  const onKey = (event: Event): void => {
    if (event instanceof KeyboardEvent && event.key === 'Escape') hide();
  };
  const listeners = [
    ['pointerover', onOver],
    ['focusin', onFocus],
    ['focusout', hide],
    ['pointerdown', hide],
    ['scroll', hide],
    ['keydown', onKey],
  ] as const;
  for (const [name, listener] of listeners) document.addEventListener(name, listener, true);
  return () => {
    hide();
    for (const [name, listener] of listeners) document.removeEventListener(name, listener, true);
  };
}
