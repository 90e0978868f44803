'use client';

import type { ComponentProps } from 'react';
import { useLanguage } from '@/lib/i18n';
import { fromWallClock, toWallClock } from '@/lib/wall-clock';
import { Input } from './field';

interface TimeInputProps extends Omit<ComponentProps<typeof Input>, 'type' | 'value' | 'onChange'> {
  /** ISO 8601; null: empty. */
  readonly value: string | null;
  readonly onChange: (iso: string | null) => void;
}

/** A moment, typed on the wall clock of the chosen time zone, which it names on hover and focus. */
export function TimeInput({ value, onChange, ...rest }: TimeInputProps) {
  const { zone } = useLanguage();
  return (
    <Input
      {...rest}
      type="datetime-local"
      data-tip={zone.name}
      suppressHydrationWarning
      value={toWallClock(value, zone.name)}
      onChange={(event) => onChange(fromWallClock(event.target.value, zone.name))}
    />
  );
}
