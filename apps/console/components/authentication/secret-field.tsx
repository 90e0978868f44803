'use client';

import { Undo2, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Field, Input, TextArea } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import { hintOf, useSettingLabel, type SettingProps } from './field-parts';
import { LinesInput } from './lines-input';
import { kindOf, valueAt } from './schema';

/** A PEM key has lines; a password field would lose them. */
const ONE_LINE_CHARS_MAX = 20_000;

/** A secret: written, never shown. Untouched it is left out and stays; null takes it away. */
export function SecretField(props: SettingProps) {
  const { path, node, draft, disabled, secrets } = props;
  const t = useText('authentication');
  const label = useSettingLabel(path);
  const isSet = secrets.has(path);
  const isRemoved = valueAt(draft.settings, path) === null;
  return (
    <Field
      label={label}
      error={draft.errorOf(path)}
      {...hintOf(node)}
      className={kindOf(node) === 'pairs' || isKey(props) ? 'sm:col-span-2' : ''}
    >
      {(ids) => (
        <span className="flex items-start gap-2">
          <SecretInput
            {...props}
            ids={ids}
            placeholder={t(isRemoved ? 'secret.removed' : isSet ? 'secret.set' : 'secret.none')}
          />
          {isSet && !disabled && (
            <Button
              aria-label={t(isRemoved ? 'secret.keepNamed' : 'secret.removeNamed', { name: label })}
              icon={
                isRemoved ? <Undo2 aria-hidden className="size-4" /> : <X aria-hidden className="size-4" />
              }
              onClick={() => draft.change(path, isRemoved ? undefined : null)}
            >
              {t(isRemoved ? 'secret.keep' : 'secret.remove')}
            </Button>
          )}
        </span>
      )}
    </Field>
  );
}

const isKey = ({ node }: Pick<SettingProps, 'node'>): boolean => (node.maxLength ?? 0) > ONE_LINE_CHARS_MAX;

interface SecretInputProps extends SettingProps {
  readonly ids: { readonly id: string };
  readonly placeholder: string;
}

function SecretInput({ ids, placeholder, ...props }: SecretInputProps) {
  const { path, node, draft, disabled } = props;
  const value = valueAt(draft.settings, path);
  const text = typeof value === 'string' ? value : '';
  const shared = { ...ids, placeholder, disabled: disabled || value === null };
  const write = (typed: unknown): void => draft.change(path, typed === '' ? undefined : typed);
  if (kindOf(node) === 'pairs') {
    return (
      <LinesInput
        {...shared}
        key={`${String(draft.generation)} ${String(value === null)}`}
        kind="pairs"
        value={value}
        onChange={(pairs) => write(isEmpty(pairs) ? '' : pairs)}
      />
    );
  }
  if (isKey(props)) {
    return (
      <TextArea
        {...shared}
        className="mono"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => write(event.target.value)}
      />
    );
  }
  return (
    <Input
      {...shared}
      type="password"
      autoComplete="new-password"
      value={text}
      onChange={(event) => write(event.target.value)}
    />
  );
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
