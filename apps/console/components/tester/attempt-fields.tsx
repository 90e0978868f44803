'use client';

import type { ComponentProps } from 'react';
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { CheckboxField } from '@/components/ui/toggle';
import { statsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useHydrated } from '@/lib/use-hydrated';
import { useResource } from '@/lib/use-resource';
import { AUTH_METHODS, hasMethod, PROTOCOLS, type Attempt } from './attempt';
import { PasteField } from './paste-field';
import type { KnownListener } from './pasted';

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
      {isSecured(form, listeners) && <TlsFields {...props} />}
      <TextField {...props} name="ip" className="mono" maxLength={64} />
    </>
  );
}

interface TextFieldProps
  extends AttemptFieldsProps, Omit<ComponentProps<'input'>, 'form' | 'name' | 'onChange'> {
  readonly name: 'clientId' | 'username' | 'password' | 'ip' | 'pskIdentity';
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

/** The server's listeners; none before the page is live. */
function useListeners(): readonly KnownListener[] {
  const stats = useResource(statsResource({ top: 0 }));
  return useHydrated() ? (stats.data?.listeners ?? []) : [];
}

/** Where a certificate or a key says something, or stands already. */
const isSecured = (form: Attempt, listeners: readonly KnownListener[]): boolean =>
  form.certificate !== '' ||
  form.pskIdentity !== '' ||
  listeners.some(({ name, transport }) => name === form.listener && /^(?:tls|wss)$/.test(transport));

function TlsFields(props: AttemptFieldsProps) {
  const { form, errorOf, onChange } = props;
  const t = useText('tester');
  return (
    <>
      <Field label={t('certificate')} error={errorOf('certificate')} hint={t('certificateHint')}>
        {(ids) => (
          <TextArea
            {...ids}
            rows={3}
            spellCheck={false}
            className="mono text-xs"
            value={form.certificate}
            onChange={(event) => onChange({ certificate: event.target.value })}
          />
        )}
      </Field>
      <TextField {...props} name="pskIdentity" hint={t('pskIdentityHint')} className="mono" maxLength={256} />
    </>
  );
}

interface ListenerFieldProps extends AttemptFieldsProps {
  readonly listeners: readonly KnownListener[];
}

function ListenerField({ form, errorOf, onChange, listeners: known }: ListenerFieldProps) {
  const t = useText('tester');
  const listeners = [...new Set([...known.map((one) => one.name), form.listener])];
  return (
    <Field label={t('listener')} error={errorOf('listener')}>
      {(ids) => (
        <Select
          {...ids}
          value={form.listener}
          onChange={(event) => onChange({ listener: event.target.value })}
        >
          {listeners.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

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

function MethodField({ form, errorOf, onChange }: AttemptFieldsProps) {
  const t = useText('tester');
  return (
    <Field label={t('authMethod')} error={errorOf('authMethod')} hint={t('authMethodHint')}>
      {(ids) => (
        <Select
          {...ids}
          value={form.authMethod}
          onChange={(event) => onChange({ authMethod: event.target.value })}
        >
          <option value="">{t('noAuthMethod')}</option>
          {AUTH_METHODS.map((method) => (
            <option key={method}>{method}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}
