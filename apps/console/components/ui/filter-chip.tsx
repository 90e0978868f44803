'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '@/lib/i18n';

/** One active filter; the cross takes it away. */
export function FilterChip({
  label,
  children,
  onRemove,
}: {
  readonly label: string;
  readonly children: ReactNode;
  readonly onRemove: () => void;
}) {
  const t = useText('common');
  return (
    <span className="inline-flex h-6 max-w-80 items-center rounded-md border border-line-strong bg-surface text-xs">
      <span className="truncate ps-2">
        <span className="text-muted">{label}</span> {children}
      </span>
      <button
        type="button"
        aria-label={t('removeFilter', { label })}
        onClick={onRemove}
        className="flex size-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-fg"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}

export function FilterBar({
  onClear,
  children,
}: {
  readonly onClear: () => void;
  readonly children: ReactNode;
}) {
  const t = useText('common');
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {children}
      <button
        type="button"
        onClick={onClear}
        className="h-6 rounded-md px-1.5 text-xs text-accent hover:underline"
      >
        {t('clearFilters')}
      </button>
    </div>
  );
}
