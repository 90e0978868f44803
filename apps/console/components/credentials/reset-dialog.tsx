'use client';

import type { CredentialDto, CredentialWithSecretDto } from '@gatehouse/contract';
import { useState, type ReactNode } from 'react';
import { Field, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
import type { SecretChoice } from './draft';
import { SecretFields } from './secret-fields';

const KEEP_SECONDS = [0, 3_600, 86_400, 7 * 86_400, 30 * 86_400] as const;

interface ResetDialogProps {
  readonly credential: Pick<CredentialDto, 'id' | 'type' | 'name' | 'hasSecret'>;
  readonly submitLabel: string;
  /** Paths of what else shows something else afterwards. */
  readonly stale: readonly string[];
  readonly onClose: () => void;
  /** Shows the new secret, once. */
  readonly done: (credential: CredentialWithSecretDto) => ReactNode;
}

/** Sets a new secret; the old one may stay good for a while, so that devices can be changed one by one. */
export function ResetDialog({ credential, submitLabel, stale, onClose, done }: ResetDialogProps) {
  const t = useText('credentials');
  const [secret, setSecret] = useState<SecretChoice>({ kind: 'generate' });
  const [keep, setKeep] = useState(0);
  const isKey = credential.type === 'psk';
  const secretName = isKey ? 'key' : 'password';
  const body = {
    keepPreviousForSeconds: keep,
    ...(secret.kind === 'choose' ? { [secretName]: secret.password } : {}),
  };
  const path = `/credentials/${encodeURIComponent(credential.id)}`;
  const [made, setMade] = useState<CredentialWithSecretDto | null>(null);
  const save = useSave(() => api.post<CredentialWithSecretDto>(`${path}/secret`, body), {
    stale: ['/credentials', `/credentials/${credential.id}`, ...stale],
    onDone: setMade,
  });
  const form = useForm('resetCredentialSecret', body, save);
  if (made !== null) return done(made);
  return (
    <FormDialog
      title={t('reset.title')}
      description={<VisibleSentence text={credential.name} />}
      submitLabel={submitLabel}
      form={form}
      onClose={onClose}
    >
      <SecretFields
        value={secret}
        allowNone={false}
        isKey={isKey}
        error={form.errorOf(secretName)}
        onChange={setSecret}
      />
      {isKey ? (
        <p className="text-xs text-muted">{t('psk.noOverlap')}</p>
      ) : (
        <KeepField seconds={keep} disabled={!credential.hasSecret} onChange={setKeep} />
      )}
    </FormDialog>
  );
}

interface KeepFieldProps {
  readonly seconds: number;
  readonly disabled: boolean;
  readonly onChange: (seconds: number) => void;
}

function KeepField({ seconds, disabled, onChange }: KeepFieldProps) {
  const t = useText('credentials');
  return (
    <Field label={t('reset.keep')} hint={t('reset.keepHint')}>
      {(ids) => (
        <Select
          {...ids}
          value={seconds}
          disabled={disabled}
          onChange={(event) => onChange(Number(event.target.value))}
        >
          {KEEP_SECONDS.map((each) => (
            <option key={each} value={each}>
              {t(`reset.keepFor.${each}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
