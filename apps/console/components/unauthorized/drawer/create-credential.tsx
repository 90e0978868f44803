'use client';

import type { CredentialWithSecretDto, UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { useState } from 'react';
import { emptyDraft, toCreate, type Draft, type SecretChoice } from '@/components/credentials/draft';
import { IdentityFields } from '@/components/credentials/draft-fields';
import { RulesEditor } from '@/components/credentials/rules-editor';
import { SecretFields } from '@/components/credentials/secret-fields';
import { FormDialog } from '@/components/ui/form-dialog';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import type { FixOption } from '@/lib/unauthorized/fixes';
import { PATH } from '@/lib/unauthorized/query';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
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
  const t = useText('unauthorized');
  const credentials = useText('credentials');
  const [draft, setDraft] = useState<Draft>(() => draftOf(prefill));
  const [secret, setSecret] = useState<SecretChoice>({ kind: 'generate' });
  const [made, setMade] = useState<CredentialWithSecretDto | null>(null);
  const body = toCreate(draft, secret);
  const save = useSave(() => api.post<CredentialWithSecretDto>('/credentials', body), {
    stale: ['/credentials', '/stats', '/start-status', `${PATH}/${row.id}`],
    onDone: setMade,
  });
  const form = useForm('createCredential', body, save);
  if (made !== null) {
    return <SecretOnce row={row} credential={made} title={t('once.created')} onClose={onClose} />;
  }
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  return (
    <FormDialog
      title={t('fix.create-credential')}
      description={t('create.hint')}
      submitLabel={t('create.submit')}
      form={form}
      onClose={onClose}
    >
      <IdentityFields draft={draft} errorOf={form.errorOf} onChange={change} />
      <fieldset>
        <legend className="mb-2 text-sm font-medium">{credentials('create.rules')}</legend>
        <RulesEditor rules={draft.rules} errorOf={form.errorOf} onChange={(rules) => change({ rules })} />
      </fieldset>
      <SecretFields value={secret} allowNone={false} error={form.errorOf('password')} onChange={setSecret} />
    </FormDialog>
  );
}
