'use client';

import { useMemo } from 'react';
import { cx } from '@/lib/cx';
import { useFormat } from '@/lib/i18n';
import { useNow } from '@/lib/now';

/** Times move on in calm steps, all at once. */
const STEP_MS = 5_000;

/** "12s ago", the exact time on hover and, where `focusable`, on keyboard focus. */
export function RelativeTime({
  iso,
  focusable = false,
  className,
}: {
  readonly iso: string;
  readonly focusable?: boolean;
  readonly className?: string;
}) {
  const { formatAbsolute, formatRelative } = useFormat();
  const now = useNow(STEP_MS);
  const exact = useMemo(() => formatAbsolute(iso), [formatAbsolute, iso]);
  return (
    <time
      dateTime={iso}
      data-tip={exact}
      suppressHydrationWarning
      {...(focusable ? { tabIndex: 0 } : {})}
      className={cx('nums whitespace-nowrap', className)}
    >
      {formatRelative(iso, now)}
    </time>
  );
}

/** The day, the exact time on hover: for ends that lie far off ("until Nov 23, 2028"). */
export function Day({ iso }: { readonly iso: string }) {
  const { formatAbsolute, formatDay } = useFormat();
  return (
    <time
      dateTime={iso}
      data-tip={formatAbsolute(iso)}
      suppressHydrationWarning
      className="nums whitespace-nowrap"
    >
      {formatDay(iso)}
    </time>
  );
}

/** The exact time in the reader's zone. */
export function AbsoluteTime({ iso, className }: { readonly iso: string; readonly className?: string }) {
  const { formatAbsolute } = useFormat();
  return (
    <time dateTime={iso} suppressHydrationWarning className={cx('nums whitespace-nowrap', className)}>
      {formatAbsolute(iso)}
    </time>
  );
}
