'use client';

import { Field, Input } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import { SEVERAL_MAX } from './several';

interface SeveralFieldProps {
  /** As it is written: nothing is made of what is no number of credentials. */
  readonly text: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

/** How many credentials are made of what the form says. */
export function SeveralField({ text, error, onChange }: SeveralFieldProps) {
  const t = useText('credentials');
  return (
    <Field
      label={t('several.count')}
      hint={t('several.countHint', { max: SEVERAL_MAX, number: '{n}' })}
      error={error}
      className="mt-4 max-w-sm"
    >
      {(ids) => (
        <Input
          {...ids}
          inputMode="numeric"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          className="nums !w-28"
        />
      )}
    </Field>
  );
}
