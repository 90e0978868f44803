'use client';

import { Field, Input } from '@/components/ui/field';
import { useText } from '@/lib/i18n';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Key of what is wrong with it. */
  readonly problem?: string | undefined;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** A whole number: keyboards of telephones show digits. */
  readonly numeric?: boolean;
  readonly className?: string;
}

/** A line of text with its label, its hint and what is wrong with it. */
export function TextField({ label, value, onChange, problem, hint, className, ...rest }: TextFieldProps) {
  const t = useText('messages');
  const { numeric = false, ...input } = rest;
  return (
    <Field
      label={label}
      error={problem === undefined ? undefined : t(problem)}
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
