'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '@/lib/i18n';
import { IconButton } from './button';

interface SelectionBarProps {
  readonly count: number;
  readonly onClear: () => void;
  /** The buttons; one request each. */
  readonly children: ReactNode;
}

/** What can be done with everything selected; stays in sight below the rows. */
export function SelectionBar({ count, onClear, children }: SelectionBarProps) {
  const t = useText('common');
  return (
    <div className="sticky bottom-4 z-20 flex max-w-full flex-wrap items-center gap-2 self-start rounded-lg border border-line-strong bg-raised px-3 py-2 shadow-pop">
      <span className="nums me-2 text-sm">{t('selected', { count })}</span>
      {children}
      <IconButton label={t('clearSelection')} onClick={onClear}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
