'use client';

import type { CredentialDto, CredentialWithSecretDto } from '@gatehouse/contract';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select } from '@/components/ui/field';
import { Notice } from '@/components/ui/states';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useProblemTitle } from '@/lib/use-problem-title';
import { useAction } from '@/lib/use-action';
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
  const titleOf = useProblemTitle();
  const t = useText('credentials');
  const common = useText('common');
  const [secret, setSecret] = useState<SecretChoice>({ kind: 'generate' });
  const [keep, setKeep] = useState(0);
  const isKey = credential.type === 'psk';
  const reset = useSecretReset(credential.id, isKey, stale);
  const problem = reset.error === null ? null : problemOf(reset.error);
  if (reset.data !== undefined) return done(reset.data);
  const submit = (
    <Button
      tone="primary"
      busy={reset.isPending}
      disabled={secret.kind === 'choose' && secret.password === ''}
      onClick={() => reset.mutate({ secret, keep })}
    >
      {submitLabel}
    </Button>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('reset.title')}
      description={<VisibleSentence text={credential.name} />}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          {submit}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {problem !== null && problem.errors === undefined && (
          <Notice tone="danger">{problem.detail ?? titleOf(problem)}</Notice>
        )}
        <SecretFields
          value={secret}
          allowNone={false}
          isKey={isKey}
          error={problem?.errors?.[0]?.message}
          onChange={setSecret}
        />
        {isKey ? (
          <p className="text-xs text-muted">{t('psk.noOverlap')}</p>
        ) : (
          <KeepField seconds={keep} disabled={!credential.hasSecret} onChange={setKeep} />
        )}
      </div>
    </Dialog>
  );
}

interface Reset {
  readonly secret: SecretChoice;
  /** How long the old secret stays good, seconds. */
  readonly keep: number;
}

const useSecretReset = (id: string, isKey: boolean, stale: readonly string[]) =>
  useAction(
    ({ secret, keep }: Reset) =>
      api.post<CredentialWithSecretDto>(`/credentials/${encodeURIComponent(id)}/secret`, {
        keepPreviousForSeconds: keep,
        ...(secret.kind === 'choose' ? { [isKey ? 'key' : 'password']: secret.password } : {}),
      }),
    { stale: ['/credentials', `/credentials/${id}`, ...stale], toastProblems: false },
  );

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
