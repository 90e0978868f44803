'use client';

import { Field, Select } from '@/components/ui/field';
import { TimeInput } from '@/components/ui/time-input';
import { useText } from '@/lib/i18n';

const HOUR_MS = 3_600_000;
const SPANS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS } as const;
const CHOICES = ['forever', 'hour', 'day', 'week', 'month', 'until'] as const;

/** When a block ends: never, so long from now, or at a local time. */
export interface End {
  readonly choice: (typeof CHOICES)[number];
  /** Of `until`, in ISO 8601. */
  readonly until: string | null;
}

export const FOREVER: End = { choice: 'forever', until: null };

/** The end in ISO 8601; null: never. */
export function endOf({ choice, until }: End): string | null {
  if (choice === 'forever') return null;
  return choice === 'until' ? until : new Date(Date.now() + SPANS[choice]).toISOString();
}

/** What of an end can be wrong: a time that was written; the others are counted from when they are sent. */
export const endWritten = ({ choice, until }: End): string | null => (choice === 'until' ? until : null);

interface EndFieldsProps {
  readonly end: End;
  readonly error: string | undefined;
  readonly onChange: (end: End) => void;
}

export function EndFields({ end, error, onChange }: EndFieldsProps) {
  const t = useText('blocked');
  const isDated = end.choice === 'until';
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t('ends')} error={isDated ? undefined : error}>
        {(ids) => (
          <Select
            {...ids}
            value={end.choice}
            onChange={(event) =>
              onChange({ ...end, choice: CHOICES.find((one) => one === event.target.value) ?? 'forever' })
            }
          >
            {CHOICES.map((choice) => (
              <option key={choice} value={choice}>
                {t(`end.${choice}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {isDated && (
        <Field label={t('end.date')} error={error}>
          {(ids) => (
            <TimeInput {...ids} value={end.until} onChange={(until) => onChange({ ...end, until })} />
          )}
        </Field>
      )}
    </div>
  );
}
