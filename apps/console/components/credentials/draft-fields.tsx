'use client';

import { TimeInput } from '@/components/ui/time-input';
import { CheckboxField } from '@/components/ui/toggle';
import { Field, Input, TextArea } from '@/components/ui/field';
import { useLanguage, useText } from '@/lib/i18n';
import type { Draft } from './draft';

export interface DraftFieldsProps {
  readonly draft: Draft;
  readonly disabled?: boolean;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** What it is called in lists. */
export function NameField(props: DraftFieldsProps & { readonly className?: string }) {
  const t = useText('credentials');
  const common = useText('common');
  const hint = t(props.draft.type === 'basic' || props.draft.type === 'scram' ? 'nameHint' : 'nameHintTyped');
  return <TextField {...props} name="name" optional={common('optional')} hint={hint} maxLength={200} />;
}

/** Who the client of a SCRAM exchange is. */
export function ScramFields(props: DraftFieldsProps) {
  const t = useText('credentials');
  const optional = useText('common')('optional');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        {...props}
        name="username"
        hint={t('scram.usernameHint')}
        maxLength={1024}
        inputClass="mono"
      />
      <TextField
        {...props}
        name="clientId"
        optional={optional}
        hint={t('scram.clientIdHint')}
        maxLength={1024}
        inputClass="mono"
      />
    </div>
  );
}

/** Who the client says it is. */
export function IdentityFields(props: DraftFieldsProps) {
  const t = useText('credentials');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        {...props}
        name="username"
        optional={t('oneOfTwo')}
        hint={t('usernameHint')}
        maxLength={1024}
        inputClass="mono"
      />
      <TextField
        {...props}
        name="clientId"
        optional={t('oneOfTwo')}
        hint={t('clientIdHint')}
        maxLength={1024}
        inputClass="mono"
      />
      <NameField {...props} className="sm:col-span-2" />
    </div>
  );
}

/** What else is known of it. */
export function OptionFields(props: DraftFieldsProps) {
  const { draft, disabled = false, onChange } = props;
  const t = useText('credentials');
  const { zone } = useLanguage();
  const optional = useText('common')('optional');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={t('expires')}
        optional={optional}
        hint={t('expiresHint', { zone: zone.name })}
        error={props.errorOf('expiresAt')}
      >
        {(ids) => (
          <TimeInput
            {...ids}
            disabled={disabled}
            value={draft.expires}
            onChange={(expires) => onChange({ expires })}
          />
        )}
      </Field>
      <TextField {...props} name="tags" optional={optional} hint={t('tagsHint')} />
      <DescriptionField {...props} optional={optional} />
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

interface TextFieldProps extends DraftFieldsProps {
  readonly name: 'username' | 'clientId' | 'name' | 'tags';
  readonly optional?: string;
  readonly hint: string;
  readonly maxLength?: number;
  readonly className?: string;
  readonly inputClass?: string;
}

function TextField({ draft, disabled = false, errorOf, onChange, name, ...look }: TextFieldProps) {
  const t = useText('credentials');
  const { optional = '', hint, maxLength, className = '', inputClass } = look;
  return (
    <Field label={t(name)} optional={optional} hint={hint} error={errorOf(name)} className={className}>
      {(ids) => (
        <Input
          {...ids}
          disabled={disabled}
          value={draft[name]}
          maxLength={maxLength}
          onChange={(event) => onChange({ [name]: event.target.value })}
          className={inputClass}
        />
      )}
    </Field>
  );
}

function DescriptionField(props: DraftFieldsProps & { readonly optional: string }) {
  const { draft, disabled = false, errorOf, onChange, optional } = props;
  const t = useText('credentials');
  return (
    <Field
      label={t('description')}
      optional={optional}
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
  );
}
