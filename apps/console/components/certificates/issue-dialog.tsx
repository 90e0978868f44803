'use client';

import type { NewCertificateDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Segments } from '@/components/ui/segments';
import { CheckboxField } from '@/components/ui/toggle';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
import { DaysField } from './days-field';
import { IssuedDialog } from './issued-dialog';
import { PURPOSES, STALE } from './query';
import { RequestField } from './request-field';

const DEFAULT_DAYS = { client: 365, server: 825 } as const;

interface Draft {
  readonly from: 'server' | 'request';
  readonly purpose: (typeof PURPOSES)[number];
  readonly commonName: string;
  /** One a line. */
  readonly names: string;
  /** Null: as the purpose has it. */
  readonly days: number | null;
  readonly pkcs12: boolean;
  readonly request: string;
}

const EMPTY: Draft = {
  from: 'server',
  purpose: 'client',
  commonName: '',
  names: '',
  days: null,
  pkcs12: false,
  request: '',
};

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What the API is asked for; what a request brings itself is left out. */
function toBody({ from, purpose, commonName, names, days, pkcs12, request }: Draft) {
  const common = { purpose, days: days ?? DEFAULT_DAYS[purpose] };
  const lines = linesOf(names);
  if (from === 'server') return { ...common, commonName: commonName.trim(), names: lines, pkcs12 };
  return {
    ...common,
    request,
    ...(commonName.trim() === '' ? {} : { commonName: commonName.trim() }),
    ...(lines.length === 0 ? {} : { names: lines }),
  };
}

/** Asks what is to stand in a certificate, then shows it with its key, once. */
export function IssueDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText('certificates');
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [made, setMade] = useState<NewCertificateDto | null>(null);
  const body = toBody(draft);
  const save = useSave(() => api.post<NewCertificateDto>('/certificates', body), {
    stale: STALE,
    onDone: setMade,
  });
  const form = useForm('issueCertificate', body, save);
  const { errorOf } = form;
  if (made !== null) return <IssuedDialog made={made} onClose={onClose} />;
  return (
    <FormDialog
      title={t('form.title')}
      description={t('form.hint')}
      submitLabel={t('form.submit')}
      form={form}
      onClose={onClose}
    >
      <Fields draft={draft} errorOf={errorOf} onChange={(part) => setDraft((now) => ({ ...now, ...part }))} />
    </FormDialog>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Partial<Draft>) => void;
}

function Fields({ draft, errorOf, onChange }: FieldsProps) {
  const t = useText('certificates');
  const common = useText('common');
  const isRequest = draft.from === 'request';
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Segments
          label={t('form.key')}
          value={draft.from}
          options={[
            { value: 'server', label: t('form.keyServer') },
            { value: 'request', label: t('form.keyRequest') },
          ]}
          onChange={(from) => onChange({ from })}
        />
        <Field label={t('for')}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.purpose}
              onChange={(event) =>
                onChange({ purpose: event.target.value === 'server' ? 'server' : 'client' })
              }
            >
              {PURPOSES.map((purpose) => (
                <option key={purpose} value={purpose}>
                  {t(`purposes.${purpose}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {isRequest && (
        <RequestField
          value={draft.request}
          error={errorOf('request')}
          onChange={(request) => onChange({ request })}
        />
      )}
      <Field
        label={t('name')}
        hint={isRequest ? t('form.nameHintRequest') : t('form.nameHint')}
        error={errorOf('commonName')}
        {...(isRequest ? { optional: common('optional') } : {})}
      >
        {(ids) => (
          <Input
            {...ids}
            data-autofocus
            className="mono"
            maxLength={64}
            value={draft.commonName}
            onChange={(event) => onChange({ commonName: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={t('form.names')}
        hint={t('form.namesHint')}
        error={errorOf('names')}
        optional={common('optional')}
      >
        {(ids) => (
          <TextArea
            {...ids}
            className="mono"
            value={draft.names}
            onChange={(event) => onChange({ names: event.target.value })}
          />
        )}
      </Field>
      <DaysField
        value={draft.days ?? DEFAULT_DAYS[draft.purpose]}
        error={errorOf('days')}
        onChange={(days) => onChange({ days })}
      />
      {!isRequest && (
        <CheckboxField
          label={t('form.pkcs12')}
          checked={draft.pkcs12}
          onChange={(event) => onChange({ pkcs12: event.target.checked })}
        />
      )}
    </>
  );
}
