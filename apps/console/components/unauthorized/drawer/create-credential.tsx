'use client';

import type { CredentialWithSecretDto, UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { useState } from 'react';
import { emptyDraft, isNamed, toCreate, type Draft, type SecretChoice } from '@/components/credentials/draft';
import { IdentityFields } from '@/components/credentials/draft-fields';
import { SecretFields } from '@/components/credentials/secret-fields';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/states';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useProblemTitle } from '@/lib/use-problem-title';
import type { FixOption } from '@/lib/unauthorized/fixes';
import { PATH } from '@/lib/unauthorized/query';
import { useAction } from '@/lib/use-action';
import { SecretOnce } from './secret-once';

interface CreateCredentialProps {
  readonly row: UnauthorizedClientDetailDto;
  readonly prefill: FixOption['prefill'];
  readonly onClose: () => void;
}

const textOf = (value: FixOption['prefill'][string] | undefined): string =>
  typeof value === 'string' ? value : '';

const draftOf = (prefill: FixOption['prefill']): Draft => ({
  ...emptyDraft({ username: textOf(prefill['username']), clientId: textOf(prefill['clientId']) }),
  name: textOf(prefill['name']),
});

/** A credential made of what the device sent; its password was not kept, so it gets a new one. */
export function CreateCredential({ row, prefill, onClose }: CreateCredentialProps) {
  const titleOf = useProblemTitle();
  const t = useText('unauthorized');
  const common = useText('common');
  const [draft, setDraft] = useState<Draft>(() => draftOf(prefill));
  const [secret, setSecret] = useState<SecretChoice>({ kind: 'generate' });
  const create = useAction(() => api.post<CredentialWithSecretDto>('/credentials', toCreate(draft, secret)), {
    stale: ['/credentials', '/stats', '/start-status', `${PATH}/${row.id}`],
    toastProblems: false,
  });
  if (create.data !== undefined) {
    return <SecretOnce row={row} credential={create.data} title={t('once.created')} onClose={onClose} />;
  }
  const problem = create.error === null ? null : problemOf(create.error);
  const errorOf = fieldErrors(problem);
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  const submit = (): void => {
    if (isNamed(draft) && !create.isPending) create.mutate(undefined);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('fix.create-credential')}
      description={t('create.hint')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="primary" busy={create.isPending} disabled={!isNamed(draft)} onClick={submit}>
            {t('create.submit')}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {problem !== null && problem.errors === undefined && (
          <Notice tone="danger">{problem.detail ?? titleOf(problem)}</Notice>
        )}
        <IdentityFields draft={draft} errorOf={errorOf} onChange={change} />
        <SecretFields value={secret} allowNone={false} error={errorOf('password')} onChange={setSecret} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
