'use client';

import type { CertificateNamesDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { CheckboxField } from '@/components/ui/toggle';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/states';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useProblemTitle } from '@/lib/use-problem-title';
import { useAction } from '@/lib/use-action';
import { CnRulesEditor } from './cn-rules-editor';
import { withRulesByCn, type Draft } from './draft';
import { CREDENTIAL_TYPES, MATCHES, type CredentialType, type MatchBy } from './typed-draft';

interface TypeFieldsProps {
  readonly draft: Draft;
  readonly disabled?: boolean;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** What the client proves itself by. */
export function TypeChoice({ type, onChange }: TypeChoiceProps) {
  const t = useText('credentials');
  return (
    <fieldset className="grid gap-2.5 sm:grid-cols-2">
      <legend className="sr-only">{t('types.legend')}</legend>
      {CREDENTIAL_TYPES.map((one) => (
        <label key={one} className="flex cursor-pointer items-start gap-2.5">
          <input
            type="radio"
            name="type"
            checked={type === one}
            onChange={() => onChange(one)}
            className="mt-[3px] size-4 shrink-0 accent-accent"
          />
          <span>
            {t(`types.${one}`)}
            <span className="block text-xs text-muted">{t(`types.${one}Hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface TypeChoiceProps {
  readonly type: CredentialType;
  readonly onChange: (type: CredentialType) => void;
}

/** The identity of a pre-shared key. */
export function PskFields({ draft, disabled = false, errorOf, onChange }: TypeFieldsProps) {
  const t = useText('credentials');
  return (
    <Field
      label={t('psk.identity')}
      hint={t('psk.identityHint')}
      error={errorOf('identity') ?? errorOf('psk.identity')}
    >
      {(ids) => (
        <Input
          {...ids}
          required
          disabled={disabled}
          maxLength={256}
          value={draft.identity}
          onChange={(event) => onChange({ identity: event.target.value })}
          className="mono"
        />
      )}
    </Field>
  );
}

/** Which certificates are meant, and what each common name may do. */
export function X509Fields(props: TypeFieldsProps) {
  const { draft, disabled = false, errorOf, onChange } = props;
  const t = useText('credentials');
  return (
    <div className="flex flex-col gap-4">
      <MatchFields {...props} />
      {!disabled && <FromCertificate by={draft.by} onChange={onChange} />}
      <CnRulesEditor
        entries={draft.rulesByCn}
        disabled={disabled}
        errorOf={(path) => errorOf(path) ?? errorOf(`x509.${path}`)}
        onChange={(rulesByCn) => onChange(withRulesByCn(draft, rulesByCn))}
      />
      <CheckboxField
        label={t('x509.skipValidity')}
        hint={t('x509.skipValidityHint')}
        checked={draft.skipValidity}
        disabled={disabled}
        onChange={(event) => onChange({ skipValidity: event.target.checked })}
      />
    </div>
  );
}

const matchFrom = (text: string): MatchBy => MATCHES.find((one) => one === text) ?? 'cn';

function MatchFields({ draft, disabled = false, errorOf, onChange }: TypeFieldsProps) {
  const t = useText('credentials');
  const { by } = draft;
  const valueError = ['value', 'pattern', 'issuer', 'kind']
    .flatMap((field) => [errorOf(`match.${field}`), errorOf(`x509.match.${field}`)])
    .find((text) => text !== undefined);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t('x509.by')}>
        {(ids) => (
          <Select
            {...ids}
            disabled={disabled}
            value={by}
            onChange={(event) => onChange({ by: matchFrom(event.target.value) })}
          >
            {MATCHES.map((one) => (
              <option key={one} value={one}>
                {t(`x509.match.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t(`x509.value.${by}`)} hint={t(`x509.hint.${by}`)} error={valueError}>
        {(ids) => (
          <Input
            {...ids}
            required
            disabled={disabled}
            maxLength={2048}
            value={draft.value}
            onChange={(event) => onChange({ value: event.target.value })}
            className="mono"
          />
        )}
      </Field>
      {by === 'issuer_serial' && (
        <Field
          label={t('x509.serial')}
          error={errorOf('match.serial') ?? errorOf('x509.match.serial')}
          className="sm:col-start-2"
        >
          {(ids) => (
            <Input
              {...ids}
              required
              disabled={disabled}
              maxLength={64}
              value={draft.serial}
              onChange={(event) => onChange({ serial: event.target.value })}
              className="mono"
            />
          )}
        </Field>
      )}
    </div>
  );
}

interface FromCertificateProps {
  readonly by: MatchBy;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** What a certificate has for this way of matching; empty where it has nothing. */
function filled(by: MatchBy, names: CertificateNamesDto): Pick<Draft, 'value' | 'serial'> {
  switch (by) {
    case 'cn':
    case 'cn_pattern':
      return { value: names.commonName ?? '', serial: '' };
    case 'san_dns':
      return { value: names.dns[0] ?? '', serial: '' };
    case 'san_uri':
      return { value: names.uri[0] ?? '', serial: '' };
    case 'san_email':
      return { value: names.email[0] ?? '', serial: '' };
    case 'fingerprint':
      return { value: names.fingerprint, serial: '' };
    case 'issuer_serial':
      return { value: names.issuer, serial: names.serial };
  }
}

/** Fills the fields from a certificate that somebody has at hand. */
function FromCertificate({ by, onChange }: FromCertificateProps) {
  const titleOf = useProblemTitle();
  const t = useText('credentials');
  const [pem, setPem] = useState('');
  const read = useAction(() => api.post<CertificateNamesDto>('/credentials/read-certificate', { pem }), {
    stale: [],
    toastProblems: false,
    onDone: (names) => onChange(filled(by, names)),
  });
  const problem = read.error === null ? null : problemOf(read.error);
  return (
    <details className="rounded-md border border-line px-3 py-2">
      <summary className="min-h-6 cursor-pointer text-sm">{t('x509.paste')}</summary>
      <div className="mt-3 flex flex-col gap-2">
        <Field label={t('x509.pem')} error={problem?.errors?.[0]?.message}>
          {(ids) => (
            <TextArea
              {...ids}
              rows={4}
              value={pem}
              placeholder="-----BEGIN CERTIFICATE-----"
              onChange={(event) => setPem(event.target.value)}
              className="mono text-xs"
            />
          )}
        </Field>
        {problem !== null && problem.errors === undefined && (
          <Notice tone="danger">{titleOf(problem)}</Notice>
        )}
        <Button
          size="sm"
          className="self-start"
          busy={read.isPending}
          disabled={pem.trim() === ''}
          onClick={() => read.mutate(undefined)}
        >
          {t('x509.fill')}
        </Button>
      </div>
    </details>
  );
}
