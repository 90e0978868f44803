'use client';

import { useContext, type ComponentProps } from 'react';
import { controlClass } from '@/components/ui/control-class';
import { Field } from '@/components/ui/labelled';
import { AuthErrors } from './auth-errors';

interface AuthFieldProps extends ComponentProps<'input'> {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

/** A field of the pages before the sign-in. Paste and password managers work. */
export function AuthField({ name, label, hint, ...rest }: AuthFieldProps) {
  const errorOf = useContext(AuthErrors);
  return (
    <Field label={label} hint={hint} error={errorOf(name)}>
      {(ids) => (
        <input
          {...ids}
          name={name}
          required
          spellCheck={false}
          {...rest}
          className={`${controlClass} !h-9`}
        />
      )}
    </Field>
  );
}
