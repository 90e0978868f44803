'use client';

import { useId, type ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import type { Version } from './values';

interface OnlyV5Props {
  /** What the options are, for who does not see where they stand. */
  readonly label: string;
  readonly version: Version;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Options that MQTT 3.1.1 does not have: off there, with a word why. */
export function OnlyV5({ label, version, className, children }: OnlyV5Props) {
  const t = useText('messages');
  const id = useId();
  const isOff = version !== 5;
  return (
    <fieldset
      disabled={isOff}
      {...(isOff ? { 'aria-describedby': id } : {})}
      className={cx('grid min-w-0 gap-3', className)}
    >
      <legend className="sr-only">{label}</legend>
      {isOff && (
        <p id={id} className="col-span-full rounded-md bg-sunken px-2.5 py-1.5 text-xs text-muted">
          {t('onlyV5')}
        </p>
      )}
      {children}
    </fieldset>
  );
}
