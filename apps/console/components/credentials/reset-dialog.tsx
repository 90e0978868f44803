'use client';

import type { CredentialDto, CredentialWithSecretDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select } from '@/components/ui/field';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import type { SecretChoice } from './draft';
import { SecretFields } from './secret-fields';
import { SecretScreen } from './secret-screen';

const KEEP_SECONDS = [0, 3_600, 86_400, 7 * 86_400, 30 * 86_400] as const;

interface ResetDialogProps {
  readonly credential: CredentialDto;
  readonly onClose: () => void;
}

/** Sets a new secret; the old one may stay good for a while, so that devices can be changed one by one. */
export function ResetDialog({ credential, onClose }: ResetDialogProps) {
  const t = useText('credentials');
  const common = useText('common');
  const [secret, setSecret] = useState<SecretChoice>({ kind: 'generate' });
  const [keep, setKeep] = useState(0);
  const reset = useAction(
    () =>
      api.post<CredentialWithSecretDto>(`/credentials/${credential.id}/secret`, {
        keepPreviousForSeconds: keep,
        ...(secret.kind === 'choose' ? { password: secret.password } : {}),
      }),
    { stale: ['/credentials', `/credentials/${credential.id}`], toastProblems: false },
  );
  const problem = reset.error === null ? null : problemOf(reset.error);
  if (reset.data !== undefined) {
    return (
      <Dialog
        open
        sticky
        onClose={onClose}
        title={t('reset.done')}
        footer={
          <Button tone="primary" onClick={onClose}>
            {t('once.kept')}
          </Button>
        }
      >
        <SecretScreen credential={reset.data} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('reset.title')}
      description={<VisibleSentence text={credential.name} />}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            tone="primary"
            busy={reset.isPending}
            disabled={secret.kind === 'choose' && secret.password === ''}
            onClick={() => reset.mutate(undefined)}
          >
            {t('reset.submit')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <SecretFields
          value={secret}
          allowNone={false}
          error={problem?.errors?.[0]?.message ?? problem?.title}
          onChange={setSecret}
        />
        <Field
          label={t('reset.keep')}
          hint={t('reset.keepHint')}
          {...(problem === null ? {} : { error: problem.title })}
        >
          {(ids) => (
            <Select
              {...ids}
              value={keep}
              disabled={!credential.hasSecret}
              onChange={(event) => setKeep(Number(event.target.value))}
            >
              {KEEP_SECONDS.map((seconds) => (
                <option key={seconds} value={seconds}>
                  {t(`reset.keepFor.${seconds}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </Dialog>
  );
}
