import { noteInput } from '@/lib/activity';

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Starts noting when somebody is there; returns what stops it. */
export function watchActivity(): () => void {
  noteInput();
  for (const sign of SIGNS) window.addEventListener(sign, noteInput, { passive: true, capture: true });
  return () => {
    for (const sign of SIGNS) window.removeEventListener(sign, noteInput, { capture: true });
  };
}
