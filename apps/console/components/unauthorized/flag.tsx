'use client';

import { Check, Minus } from 'lucide-react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';

/** Yes or no: a tick or a dash, named for those who do not see it. */
export function Flag({ value, className }: { readonly value: boolean; readonly className?: string }) {
  const t = useText('common');
  const Icon = value ? Check : Minus;
  return (
    <Icon
      role="img"
      aria-label={t(value ? 'yes' : 'no')}
      className={cx('inline size-4', value ? 'text-fg' : 'text-faint', className)}
    />
  );
}
