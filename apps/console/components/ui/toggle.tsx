'use client';

import { useEffect, useRef, type ComponentProps, type ReactNode } from 'react';
import { cx } from '@/lib/cx';

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type'> {
  /** Some, but not all, of what it stands for is chosen. */
  readonly indeterminate?: boolean;
}

export function Checkbox({ indeterminate = false, className, ...rest }: CheckboxProps) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (ref.current !== null) ref.current.indeterminate = indeterminate;
  }, [indeterminate]);
  return (
    <input
      ref={ref}
      type="checkbox"
      {...rest}
      className={cx('block size-4 shrink-0 accent-accent', className)}
    />
  );
}

export function CheckboxField({
  label,
  hint,
  ...rest
}: CheckboxProps & { readonly label: ReactNode; readonly hint?: ReactNode }) {
  return (
    <label className="flex cursor-pointer items-start gap-2.5">
      <Checkbox {...rest} className="mt-[3px]" />
      <span>
        {label}
        {hint !== undefined && <span className="block text-xs text-muted">{hint}</span>}
      </span>
    </label>
  );
}

interface SwitchProps {
  readonly checked: boolean;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Switch({ checked, label, disabled = false, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      disabled={disabled}
      onClick={() => onChange(!checked)}
      className={cx(
        'relative h-5 w-9 shrink-0 rounded-full border transition-colors duration-150 disabled:opacity-50',
        checked ? 'border-accent bg-accent' : 'border-control bg-sunken',
      )}
    >
      <span
        className={cx(
          'absolute top-0.5 size-3.5 rounded-full transition-[left] duration-150',
          checked ? 'start-[18px] bg-accent-fg' : 'start-0.5 bg-control',
        )}
      />
    </button>
  );
}
