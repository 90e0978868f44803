'use client';

import { startTransition, useEffect, useState } from 'react';
import { afterPaint } from './after-paint';

/**
 * The value once what it was changed by has been seen: `useDeferredValue` begins to draw before the browser had a chance to
 * show the click, and what it draws is committed at once.
 */
export function useAfterPaint<T>(value: T): T {
  const [shown, setShown] = useState(value);
  useEffect(
    () => (Object.is(shown, value) ? undefined : afterPaint(() => startTransition(() => setShown(value)))),
    [shown, value],
  );
  return shown;
}
