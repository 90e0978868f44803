'use client';

import type { CredentialWithSecretDto, UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { useState } from 'react';
import type { SecretChoice } from '@/components/credentials/draft';
import { SecretFields } from '@/components/credentials/secret-fields';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/states';
import { CheckboxField } from '@/components/ui/toggle';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { PATH } from '@/lib/unauthorized/query';
import { useAction } from '@/lib/use-action';
import { SecretOnce } from './secret-once';

const DAY_SECONDS = 86_400;

interface ResetSecretProps {
  readonly row: UnauthorizedClientDetailDto;
  readonly credentialId: string;
  readonly onClose: () => void;
}

/** A new secret for the credential that the refusal was about. */
export function ResetSecret({ row, credentialId, onClose }: ResetSecretProps) {
  const t = useText('unauthorized');
  const common = useText('common');
  const [secret, setSecret] = useState<SecretChoice>({ kind: 'generate' });
  const [keep, setKeep] = useState(false);
  const reset = useAction(
    () =>
      api.post<CredentialWithSecretDto>(`/credentials/${encodeURIComponent(credentialId)}/secret`, {
        keepPreviousForSeconds: keep ? DAY_SECONDS : 0,
        ...(secret.kind === 'choose' ? { password: secret.password } : {}),
      }),
    { stale: ['/credentials', `${PATH}/${row.id}`], toastProblems: false },
  );
  if (reset.data !== undefined) {
    return <SecretOnce row={row} credential={reset.data} title={t('once.reset')} onClose={onClose} />;
  }
  const problem = reset.error === null ? null : problemOf(reset.error);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('fix.reset-secret')}
      description={<VisibleSentence text={row.credential?.name ?? ''} />}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            tone="primary"
            busy={reset.isPending}
            disabled={secret.kind === 'choose' && secret.password === ''}
            onClick={() => reset.mutate(undefined)}
          >
            {t('fix.reset-secret')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        {problem !== null && problem.errors === undefined && (
          <Notice tone="danger">{problem.detail ?? problem.title}</Notice>
        )}
        <SecretFields
          value={secret}
          allowNone={false}
          error={problem?.errors?.[0]?.message}
          onChange={setSecret}
        />
        <CheckboxField
          label={t('reset.keep')}
          hint={t('reset.keepHint')}
          checked={keep}
          onChange={(event) => setKeep(event.target.checked)}
        />
      </div>
    </Dialog>
  );
}
