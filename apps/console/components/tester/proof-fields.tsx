'use client';

import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { statsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useHydrated } from '@/lib/use-hydrated';
import { useResource } from '@/lib/use-resource';
import { AUTH_METHODS, type Attempt } from './attempt';
import type { KnownListener } from './pasted';

/** What of an attempt a field holds, and what is said against it. */
interface ProofProps<Name extends keyof Attempt> {
  readonly form: Pick<Attempt, Name>;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Pick<Attempt, Name>) => void;
}

/** The server's listeners; none before the page is live. */
export function useListeners(): readonly KnownListener[] {
  const stats = useResource(statsResource({ top: 0 }));
  return useHydrated() ? (stats.data?.listeners ?? []) : [];
}

/** Only these hear of certificates and keys. */
export const speaksTls = ({ transport }: KnownListener): boolean => /^(?:tls|wss)$/.test(transport);

/** What it presents to a listener that asks for certificates. */
export function CertificateField({ form, errorOf, onChange }: ProofProps<'certificate'>) {
  const t = useText('tester');
  return (
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
  );
}

/** Whose pre-shared key it proves. */
export function PskField({ form, errorOf, onChange }: ProofProps<'pskIdentity'>) {
  const t = useText('tester');
  return (
    <Field label={t('pskIdentity')} error={errorOf('pskIdentity')} hint={t('pskIdentityHint')}>
      {(ids) => (
        <Input
          {...ids}
          className="mono"
          maxLength={256}
          value={form.pskIdentity}
          onChange={(event) => onChange({ pskIdentity: event.target.value })}
        />
      )}
    </Field>
  );
}

/** Where it comes to. */
export function ListenerField({
  form,
  errorOf,
  onChange,
  listeners: known,
}: ProofProps<'listener'> & { readonly listeners: readonly KnownListener[] }) {
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

/** By which method of MQTT 5 it proves its password, or none. */
export function MethodField({ form, errorOf, onChange }: ProofProps<'authMethod'>) {
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
