'use client';

import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from '@/lib/cx';
import { controlClass } from './control-class';

// Apart from the others, for the pages before the sign-in carry nothing that they do not show.
export { Field } from './labelled';

export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input autoComplete="off" spellCheck={false} {...rest} className={cx(controlClass, className)} />
);

export const TextArea = ({ className, ...rest }: ComponentProps<'textarea'>) => (
  <textarea rows={3} {...rest} className={cx(controlClass, 'h-auto py-1.5 leading-relaxed', className)} />
);

export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={cx('relative inline-flex', className)}>
      <select {...rest} className={cx(controlClass, 'appearance-none pe-8')}>
        {children}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2 end-2 size-4 text-faint" />
    </span>
  );
}
