'use client';

import type { SecretChoice } from './draft';
import { Field, Input } from '@/components/ui/field';
import { useText } from '@/lib/i18n';

interface SecretFieldsProps {
  readonly value: SecretChoice;
  /** Whether having no password at all is offered. */
  readonly allowNone: boolean;
  /** A pre-shared key: hexadecimal, and seen while it is typed. */
  readonly isKey?: boolean;
  readonly error: string | undefined;
  readonly onChange: (value: SecretChoice) => void;
}

/** Where the password comes from. */
export function SecretFields({ value, allowNone, isKey = false, error, onChange }: SecretFieldsProps) {
  const t = useText('credentials');
  const words = isKey ? 'psk' : 'secret';
  const choices: readonly SecretChoice[] = [
    { kind: 'generate' },
    { kind: 'choose', password: '' },
    ...(allowNone ? [{ kind: 'none' } as const] : []),
  ];
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="sr-only">{t('secret.legend')}</legend>
      {choices.map((choice) => (
        <label key={choice.kind} className="flex cursor-pointer items-start gap-2.5">
          <input
            type="radio"
            name="secret"
            checked={value.kind === choice.kind}
            onChange={() => onChange(choice)}
            className="mt-[3px] size-4 shrink-0 accent-accent"
          />
          <span>
            {t(`${words}.${choice.kind}`)}
            <span className="block text-xs text-muted">{t(`${words}.${choice.kind}Hint`)}</span>
          </span>
        </label>
      ))}
      {value.kind === 'choose' && (
        <Field label={t(isKey ? 'psk.key' : 'secret.password')} error={error} className="ms-6.5 max-w-sm">
          {(ids) => (
            <Input
              {...ids}
              type={isKey ? 'text' : 'password'}
              autoComplete={isKey ? 'off' : 'new-password'}
              required
              maxLength={1024}
              value={value.password}
              onChange={(event) => onChange({ kind: 'choose', password: event.target.value })}
            />
          )}
        </Field>
      )}
    </fieldset>
  );
}
