'use client';

import { useEffect, useRef, type FocusEvent, type RefObject } from 'react';

/** What is typed into or chosen from; a file input opens another window, which nobody has asked for yet. */
const FIELDS = 'input:not([type="hidden"], [type="file"]), select, textarea';

/** Moves the focus there; false where it does not go, because the element is hidden, disabled or gone. */
function take(element: Element | null | undefined, preventScroll = false): boolean {
  if (!(element instanceof HTMLElement)) return false;
  element.focus({ preventScroll });
  return document.activeElement === element;
}

const headingOf = (dialog: Element | null) => dialog?.querySelector('h2');

/** The element that asks for it (`data-autofocus`), else the first field, else the heading: never the way out. */
function enter(dialog: HTMLDialogElement, fieldsFirst: boolean): void {
  if (take(dialog.querySelector('[data-autofocus]'))) return;
  const fields = fieldsFirst ? [...dialog.querySelectorAll(FIELDS)] : [];
  if (!fields.some((field) => take(field))) take(headingOf(dialog));
}

/** What opened it; where that is gone the heading of the dialog it was in, or the page itself. */
function leave(opener: Element | null, around: Element | null): void {
  if (opener !== null && opener !== document.body && opener.isConnected && take(opener)) return;
  if (!take(headingOf(around))) take(document.querySelector('main'), true);
}

interface FocusOptions {
  readonly open: boolean;
  /** False: the page behind stays usable. */
  readonly modal: boolean;
  /** Whether it is a form to be filled in, rather than something to be read that may have fields further down. */
  readonly fieldsFirst: boolean;
}

interface HeldFocus {
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: () => void;
}

/**
 * Opens the browser's dialog and says where the focus is: on a field when it opens, on what opened it when it closes,
 * and on its heading when what had it goes away (a button whose work is done). It never falls back to the page's body.
 * React's `autoFocus` is no help: it has been and gone before the dialog is open, and `showModal` takes the first
 * control there is, which is the one that closes.
 */
export function useDialogFocus(ref: RefObject<HTMLDialogElement | null>, options: FocusOptions): HeldFocus {
  const { open, modal, fieldsFirst } = options;
  const held = useRef<Element | null>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || !open) return;
    const opener = document.activeElement;
    const around = opener?.closest('dialog') ?? null;
    if (modal) dialog.showModal();
    else dialog.show();
    enter(dialog, fieldsFirst);
    return () => {
      dialog.close();
      leave(opener, around);
    };
  }, [ref, open, modal, fieldsFirst]);
  useEffect(() => {
    const lost = held.current !== null && !held.current.isConnected;
    if (open && lost && document.activeElement === document.body) take(headingOf(ref.current));
  });
  return {
    onFocus: ({ target }) => void (held.current = target),
    onBlur: () => void (held.current = null),
  };
}
