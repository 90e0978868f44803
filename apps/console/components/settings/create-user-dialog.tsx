'use client';

import type { UserDto } from '@gatehouse/contract';
import { useId, useState, type ChangeEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { showToast } from '@/components/ui/toast';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { RoleOptions } from './role-options';
import { roleFrom } from './roles';

const PASSWORD_MIN = 12;
const EMPTY = { name: '', email: '', role: 'operator', password: '' };

export function CreateUserDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText('settings');
  const common = useText('common');
  const form = useId();
  const [draft, setDraft] = useState(EMPTY);
  const create = useAction(() => api.post<UserDto>('/users', { ...draft, role: roleFrom(draft.role) }), {
    stale: ['/users'],
    toastProblems: false,
    onDone: (user) => {
      showToast({ tone: 'good', text: t('users.made', { name: user.name }) });
      onClose();
    },
  });
  const problem = create.error === null ? null : problemOf(create.error);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('users.create')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form={form} tone="primary" busy={create.isPending}>
            {common('create')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(undefined);
        }}
      >
        <div className="empty:hidden sm:col-span-2">
          <ProblemNotice problem={problem} />
        </div>
        <UserFields
          draft={draft}
          errorOf={fieldErrors(problem)}
          onChange={(part) => setDraft((now) => ({ ...now, ...part }))}
        />
      </form>
    </Dialog>
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
        hint={t('users.passwordHint', { min: PASSWORD_MIN })}
        error={errorOf('password')}
      >
        {(ids) => (
          <Input
            {...ids}
            {...text('password')}
            type="password"
            autoComplete="new-password"
            minLength={PASSWORD_MIN}
          />
        )}
      </Field>
    </>
  );
}
