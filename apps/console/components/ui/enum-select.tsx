'use client';

import { Select } from './field';

interface EnumSelectProps<T extends string> {
  readonly label: string;
  readonly options: readonly T[];
  readonly nameOf: (option: T) => string;
  /** What stands for no choice. */
  readonly anyName: string;
  readonly value: T | null;
  readonly onChange: (value: T | null) => void;
}

/** A filter that is one of a few values, or none of them. */
export function EnumSelect<T extends string>(props: EnumSelectProps<T>) {
  const { label, options, nameOf, anyName, value, onChange } = props;
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(options.find((one) => one === event.target.value) ?? null)}
    >
      <option value="">{anyName}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {nameOf(option)}
        </option>
      ))}
    </Select>
  );
}
