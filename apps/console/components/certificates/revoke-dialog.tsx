'use client';

import type { IssuedCertificateDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Confirm } from '@/components/ui/confirm';
import { Field, Select } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
import { STALE } from './query';

const REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
] as const;

interface RevokeDialogProps {
  readonly certificate: IssuedCertificateDto;
  readonly onClose: () => void;
}

/** Asks, with the reason that the list will give. */
export function RevokeDialog({ certificate, onClose }: RevokeDialogProps) {
  const t = useText('certificates');
  const [reason, setReason] = useState<(typeof REASONS)[number]>('unspecified');
  const body = { reason };
  const save = useSave(() => api.post<IssuedCertificateDto>(`/certificates/${certificate.id}/revoke`, body), {
    stale: STALE,
    done: () => t('revoke.done'),
    onDone: onClose,
  });
  const form = useForm('revokeCertificate', body, save);
  return (
    <Confirm
      open
      title={<VisibleSentence text={t('revoke.title', { name: certificate.commonName })} />}
      confirmLabel={t('revoke.yes')}
      cancelLabel={t('revoke.no')}
      busy={form.busy}
      onClose={onClose}
      onConfirm={form.submit}
    >
      <Form form={form} className="flex flex-col gap-3">
        <p>{t('revoke.text')}</p>
        <Field label={t('revoke.reason')} error={form.errorOf('reason')}>
          {(ids) => (
            <Select
              {...ids}
              value={reason}
              onChange={(event) =>
                setReason(REASONS.find((one) => one === event.target.value) ?? 'unspecified')
              }
            >
              {REASONS.map((one) => (
                <option key={one} value={one}>
                  {t(`revoke.reasons.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </Form>
    </Confirm>
  );
}
