'use client';

import { Field, Input } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import { SEVERAL_MAX } from './several';

interface SeveralFieldProps {
  readonly count: number;
  readonly onChange: (count: number) => void;
}

/** How many credentials are made of what the form says. */
export function SeveralField({ count, onChange }: SeveralFieldProps) {
  const t = useText('credentials');
  return (
    <Field
      label={t('several.count')}
      hint={t('several.countHint', { max: SEVERAL_MAX, number: '{n}' })}
      className="mt-4 max-w-sm"
    >
      {(ids) => (
        <Input
          {...ids}
          type="number"
          min={1}
          max={SEVERAL_MAX}
          step={1}
          value={count}
          onChange={(event) => {
            const wanted = Math.trunc(event.target.valueAsNumber);
            onChange(Number.isNaN(wanted) ? 1 : Math.min(SEVERAL_MAX, Math.max(1, wanted)));
          }}
          className="nums !w-28"
        />
      )}
    </Field>
  );
}
