'use client';

import type { ComponentProps } from 'react';
import { Field, Input, Select } from '@/components/ui/field';
import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import { hasMethod, PROTOCOLS, type Attempt } from './attempt';
import { PasteField } from './paste-field';
import type { KnownListener } from './pasted';
import {
  CertificateField,
  ListenerField,
  MethodField,
  PskField,
  speaksTls,
  useListeners,
} from './proof-fields';

interface AttemptFieldsProps {
  readonly form: Attempt;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Partial<Attempt>) => void;
}

/** Everything that a client sends, and from where. */
export function AttemptFields(props: AttemptFieldsProps) {
  const { form, onChange } = props;
  const t = useText('tester');
  const listeners = useListeners();
  return (
    <>
      <PasteField listeners={listeners} onChange={onChange} />
      <TextField {...props} name="clientId" hint={t('clientIdHint')} className="mono" />
      <div className="flex flex-col gap-1.5">
        <TextField {...props} name="username" className="mono" disabled={!form.withUsername} />
        <CheckboxField
          label={t('noUsername')}
          checked={!form.withUsername}
          onChange={(event) => onChange({ withUsername: !event.target.checked })}
        />
      </div>
      <div className="flex flex-col gap-1.5">
        <TextField
          {...props}
          name="password"
          type="password"
          autoComplete="off"
          disabled={!form.withPassword}
        />
        <CheckboxField
          label={t('noPassword')}
          checked={!form.withPassword}
          onChange={(event) => onChange({ withPassword: !event.target.checked })}
        />
      </div>
      <div className="grid grid-cols-2 gap-4">
        <ListenerField {...props} listeners={listeners} />
        <ProtocolField {...props} />
      </div>
      {hasMethod(form) && <MethodField {...props} />}
      {isSecured(form, listeners) && (
        <>
          <CertificateField {...props} />
          <PskField {...props} />
        </>
      )}
      <TextField {...props} name="ip" className="mono" maxLength={64} />
    </>
  );
}

interface TextFieldProps
  extends AttemptFieldsProps, Omit<ComponentProps<'input'>, 'form' | 'name' | 'onChange'> {
  readonly name: 'clientId' | 'username' | 'password' | 'ip';
  readonly hint?: string;
}

function TextField({ form, errorOf, onChange, name, hint, ...input }: TextFieldProps) {
  const t = useText('tester');
  return (
    <Field label={t(name)} error={errorOf(name)} {...(hint === undefined ? {} : { hint })}>
      {(ids) => (
        <Input
          {...ids}
          {...input}
          value={form[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

/** Where a certificate or a key says something, or stands already. */
const isSecured = (form: Attempt, listeners: readonly KnownListener[]): boolean =>
  form.certificate !== '' ||
  form.pskIdentity !== '' ||
  listeners.some((one) => one.name === form.listener && speaksTls(one));

function ProtocolField({ form, errorOf, onChange }: AttemptFieldsProps) {
  const t = useText('tester');
  return (
    <Field label={t('protocol')} error={errorOf('protocol')}>
      {(ids) => (
        <Select
          {...ids}
          value={form.protocol}
          onChange={(event) => onChange({ protocol: Number(event.target.value) })}
        >
          {PROTOCOLS.map((protocol) => (
            <option key={protocol} value={protocol}>
              {t(`protocols.${protocol}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
