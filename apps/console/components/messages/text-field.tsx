'use client';

import { Field, Input } from '@/components/ui/field';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with it. */
  readonly error?: string | undefined;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** A whole number: keyboards of telephones show digits. */
  readonly numeric?: boolean;
  readonly className?: string;
}

/** A line of text with its label, its hint and what is wrong with it. */
export function TextField({ label, value, onChange, error, hint, className, ...rest }: TextFieldProps) {
  const { numeric = false, ...input } = rest;
  return (
    <Field
      label={label}
      error={error}
      {...(hint === undefined ? {} : { hint })}
      {...(className === undefined ? {} : { className })}
    >
      {(ids) => (
        <Input
          {...ids}
          {...input}
          {...(numeric ? { inputMode: 'numeric' as const } : {})}
          value={value}
          className={numeric ? 'nums' : 'mono'}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
