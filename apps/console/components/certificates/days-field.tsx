import { Field, Input } from '@/components/ui/field';
import { useText } from '@/lib/i18n';

const DAYS_MAX = 3_650;

interface DaysFieldProps {
  readonly value: number;
  readonly error: string | undefined;
  readonly onChange: (days: number) => void;
}

/** How long a certificate is to be valid. */
export function DaysField({ value, error, onChange }: DaysFieldProps) {
  const t = useText('certificates');
  return (
    <Field label={t('form.days')} error={error}>
      {(ids) => (
        <span className="flex items-center gap-2">
          <span className="w-24">
            <Input
              {...ids}
              type="number"
              min={1}
              max={DAYS_MAX}
              className="nums"
              value={value}
              onChange={(event) => onChange(event.target.valueAsNumber || 1)}
            />
          </span>
          <span className="text-muted">{t('form.daysUnit')}</span>
        </span>
      )}
    </Field>
  );
}
