import type { ComponentProps } from 'react';
import { controlClass } from '@/components/ui/control-class';

interface AuthFieldProps extends ComponentProps<'input'> {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

/** A field of the pages before the sign-in, drawn on the server. Paste and password managers work. */
export const AuthField = ({ name, label, hint, ...rest }: AuthFieldProps) => (
  <div className="flex flex-col gap-1">
    <label htmlFor={name} className="text-sm font-medium">
      {label}
    </label>
    <input
      id={name}
      name={name}
      required
      spellCheck={false}
      {...(hint === undefined ? {} : { 'aria-describedby': `${name}-hint` })}
      {...rest}
      className={`${controlClass} !h-9`}
    />
    {hint !== undefined && (
      <p id={`${name}-hint`} className="text-xs text-muted">
        {hint}
      </p>
    )}
  </div>
);
