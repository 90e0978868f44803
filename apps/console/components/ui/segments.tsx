'use client';

import { useId, type ReactNode } from 'react';
import { cx } from '@/lib/cx';

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: T; readonly label: ReactNode; readonly note?: ReactNode }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side: real radio buttons, so arrow keys work as everywhere. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-xs font-medium text-muted">{label}</legend>
      <div className="grid auto-cols-fr grid-flow-col rounded-md border border-line bg-sunken p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              'flex h-6 min-w-0 cursor-pointer items-center justify-center gap-1 rounded-sm px-1 text-xs has-focus-visible:outline-2 has-focus-visible:outline-accent',
              option.value === value
                ? 'bg-surface font-medium shadow-[0_0_0_1px_var(--color-line-strong)]'
                : 'text-muted hover:text-fg',
            )}
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span className="truncate">{option.label}</span>
            {option.note !== undefined && <span className="nums text-2xs text-muted">{option.note}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
