'use client';

import type { IssuedCertificateDto, NewCertificateDto } from '@gatehouse/contract';
import { useState } from 'react';
import { FormDialog } from '@/components/ui/form-dialog';
import { Segments } from '@/components/ui/segments';
import { CheckboxField } from '@/components/ui/toggle';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
import { DaysField } from './days-field';
import { IssuedDialog } from './issued-dialog';
import { STALE } from './query';
import { RequestField } from './request-field';

interface RenewDialogProps {
  readonly certificate: IssuedCertificateDto;
  readonly onClose: () => void;
}

interface Draft {
  readonly key: 'new' | 'same' | 'request';
  readonly days: number;
  readonly request: string;
  readonly pkcs12: boolean;
  readonly revokeReplaced: boolean;
}

const DEFAULT_DAYS = { client: 365, server: 825 } as const;

/** Issues the same names anew, for a key of choice; then shows what is shown once. */
export function RenewDialog({ certificate, onClose }: RenewDialogProps) {
  const t = useText('certificates');
  const [draft, setDraft] = useState<Draft>({
    key: certificate.keyOrigin === 'server' ? 'new' : 'same',
    days: DEFAULT_DAYS[certificate.purpose],
    request: '',
    pkcs12: false,
    revokeReplaced: false,
  });
  const [made, setMade] = useState<NewCertificateDto | null>(null);
  const { request, pkcs12, ...rest } = draft;
  const body = {
    ...rest,
    ...(draft.key === 'request' ? { request } : {}),
    ...(draft.key === 'new' ? { pkcs12 } : {}),
  };
  const save = useSave(() => api.post<NewCertificateDto>(`/certificates/${certificate.id}/renew`, body), {
    stale: STALE,
    onDone: setMade,
  });
  const form = useForm('renewCertificate', body, save);
  if (made !== null) return <IssuedDialog made={made} onClose={onClose} />;
  return (
    <FormDialog
      title={<VisibleSentence text={t('renew.title', { name: certificate.commonName })} />}
      description={t('renew.text')}
      submitLabel={t('renew.submit')}
      form={form}
      onClose={onClose}
    >
      <Fields
        draft={draft}
        errorOf={form.errorOf}
        onChange={(part) => setDraft((now) => ({ ...now, ...part }))}
      />
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
  return (
    <>
      <Segments
        label={t('renew.key')}
        value={draft.key}
        options={[
          { value: 'new', label: t('renew.keyNew') },
          { value: 'same', label: t('renew.keySame') },
          { value: 'request', label: t('form.keyRequest') },
        ]}
        onChange={(key) => onChange({ key })}
      />
      {draft.key === 'same' && <p className="text-xs text-muted">{t('renew.sameHint')}</p>}
      {draft.key === 'request' && (
        <RequestField
          value={draft.request}
          error={errorOf('request')}
          onChange={(request) => onChange({ request })}
        />
      )}
      <DaysField value={draft.days} error={errorOf('days')} onChange={(days) => onChange({ days })} />
      {draft.key === 'new' && (
        <CheckboxField
          label={t('form.pkcs12')}
          checked={draft.pkcs12}
          onChange={(event) => onChange({ pkcs12: event.target.checked })}
        />
      )}
      <CheckboxField
        label={t('renew.revokeOld')}
        checked={draft.revokeReplaced}
        onChange={(event) => onChange({ revokeReplaced: event.target.checked })}
      />
    </>
  );
}
