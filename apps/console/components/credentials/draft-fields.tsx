'use client';

import { CheckboxField } from '@/components/ui/toggle';
import { Field, Input, TextArea } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import type { Draft } from './draft';

interface DraftFieldsProps {
  readonly draft: Draft;
  readonly disabled?: boolean;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** Who the client says it is. */
export function IdentityFields({ draft, disabled = false, errorOf, onChange }: DraftFieldsProps) {
  const t = useText('credentials');
  const common = useText('common');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={t('username')}
        optional={t('oneOfTwo')}
        hint={t('usernameHint')}
        error={errorOf('username')}
      >
        {(ids) => (
          <Input
            {...ids}
            disabled={disabled}
            value={draft.username}
            maxLength={1024}
            onChange={(event) => onChange({ username: event.target.value })}
            className="mono"
          />
        )}
      </Field>
      <Field
        label={t('clientId')}
        optional={t('oneOfTwo')}
        hint={t('clientIdHint')}
        error={errorOf('clientId')}
      >
        {(ids) => (
          <Input
            {...ids}
            disabled={disabled}
            value={draft.clientId}
            maxLength={1024}
            onChange={(event) => onChange({ clientId: event.target.value })}
            className="mono"
          />
        )}
      </Field>
      <Field
        label={t('name')}
        optional={common('optional')}
        hint={t('nameHint')}
        error={errorOf('name')}
        className="sm:col-span-2"
      >
        {(ids) => (
          <Input
            {...ids}
            disabled={disabled}
            value={draft.name}
            maxLength={200}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

/** What else is known of it. */
export function OptionFields({ draft, disabled = false, errorOf, onChange }: DraftFieldsProps) {
  const t = useText('credentials');
  const common = useText('common');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={t('expires')}
        optional={common('optional')}
        hint={t('expiresHint')}
        error={errorOf('expiresAt')}
      >
        {(ids) => (
          <Input
            {...ids}
            type="datetime-local"
            disabled={disabled}
            value={draft.expires}
            onChange={(event) => onChange({ expires: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('tags')} optional={common('optional')} hint={t('tagsHint')} error={errorOf('tags')}>
        {(ids) => (
          <Input
            {...ids}
            disabled={disabled}
            value={draft.tags}
            onChange={(event) => onChange({ tags: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={t('description')}
        optional={common('optional')}
        error={errorOf('description')}
        className="sm:col-span-2"
      >
        {(ids) => (
          <TextArea
            {...ids}
            disabled={disabled}
            value={draft.description}
            maxLength={2000}
            rows={2}
            onChange={(event) => onChange({ description: event.target.value })}
          />
        )}
      </Field>
      <div className="sm:col-span-2">
        <CheckboxField
          label={t('superuser')}
          hint={t('superuserHint')}
          checked={draft.superuser}
          disabled={disabled}
          onChange={(event) => onChange({ superuser: event.target.checked })}
        />
      </div>
    </div>
  );
}
