'use client';

import type { UserDto } from '@gatehouse/contract';
import { PASSWORD_CHARS } from '@gatehouse/contract/password-chars';
import { useState, type ChangeEvent } from 'react';
import { Field, Input, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { usePasswordFault } from '@/lib/use-password-fault';
import { useSave } from '@/lib/use-save';
import { RoleOptions } from './role-options';
import { roleFrom } from './roles';

const EMPTY = { name: '', email: '', role: 'operator', password: '' };

export function CreateUserDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText('settings');
  const common = useText('common');
  const [draft, setDraft] = useState(EMPTY);
  const body = { ...draft, role: roleFrom(draft.role) };
  const save = useSave(() => api.post<UserDto>('/users', body), {
    stale: ['/users'],
    done: (user) => t('users.made', { name: user.name }),
    onDone: onClose,
  });
  const [weak, checkPassword] = usePasswordFault([draft.email, draft.name]);
  const form = useForm('createUser', body, save, { password: weak });
  const { errorOf } = form;
  return (
    <FormDialog title={t('users.create')} submitLabel={common('create')} form={form} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-2">
        <UserFields
          draft={draft}
          errorOf={errorOf}
          onChange={(part) => {
            setDraft((now) => ({ ...now, ...part }));
            if (part.password !== undefined) checkPassword(part.password);
          }}
        />
      </div>
    </FormDialog>
  );
}

interface UserFieldsProps {
  readonly draft: typeof EMPTY;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Partial<typeof EMPTY>) => void;
}

/** Name, role, address and first password. */
function UserFields({ draft, errorOf, onChange }: UserFieldsProps) {
  const t = useText('settings');
  /** What every text input of the form has in common. */
  const text = (name: keyof typeof EMPTY) => ({
    required: true,
    value: draft[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => onChange({ [name]: event.target.value }),
  });
  const roleHint = t(`users.roleHint.${roleFrom(draft.role)}`);
  return (
    <>
      <Field label={t('users.name')} error={errorOf('name')}>
        {(ids) => <Input {...ids} {...text('name')} autoFocus maxLength={100} />}
      </Field>
      <Field label={t('users.role')} hint={roleHint} error={errorOf('role')}>
        {(ids) => (
          <Select {...ids} value={draft.role} onChange={(event) => onChange({ role: event.target.value })}>
            <RoleOptions />
          </Select>
        )}
      </Field>
      <Field label={t('users.email')} error={errorOf('email')}>
        {(ids) => <Input {...ids} {...text('email')} type="email" />}
      </Field>
      <Field
        label={t('users.password')}
        hint={t('users.passwordHint', PASSWORD_CHARS)}
        error={errorOf('password')}
      >
        {(ids) => <Input {...ids} {...text('password')} type="password" autoComplete="new-password" />}
      </Field>
    </>
  );
}
