'use client';

import { Check, Minus } from 'lucide-react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';

/** Yes or no: a tick or a dash, and the word for who does not see it. */
export function Flag({ value, className }: { readonly value: boolean; readonly className?: string }) {
  const t = useText('common');
  const Icon = value ? Check : Minus;
  return (
    <span className={cx('inline-flex items-center align-middle', className)}>
      <Icon aria-hidden className={cx('size-4', value ? 'text-fg' : 'text-faint')} />
      <span className="sr-only">{value ? t('yes') : t('no')}</span>
    </span>
  );
}
