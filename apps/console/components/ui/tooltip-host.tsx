'use client';

import { useEffect, useId, useRef } from 'react';
import { tipIn, watchTips } from './tips';

/**
 * One tip for the whole page: any element with `data-tip="text"` shows it on hover and on keyboard focus,
 * Escape hides it (WCAG 1.4.13). In the top layer, so dialogs and overflow cannot cut it off.
 */
export function TooltipHost() {
  const ref = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => (ref.current === null ? undefined : watchTips(tipIn(ref.current, id))), [id]);
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
