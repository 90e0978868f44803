'use client';

import type { UserDto } from '@gatehouse/contract';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { Notice } from '@/components/ui/states';
import { showToast } from '@/components/ui/toast';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { roleFrom, ROLES } from './roles';

const PASSWORD_MIN = 12;
const EMPTY = { name: '', email: '', role: 'operator', password: '' };

export function CreateUserDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText('settings');
  const shell = useText('shell');
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
  const errorOf = (path: string): string | undefined =>
    problem?.errors?.find((one) => one.path === path)?.message;
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
        {problem !== null && (
          <div className="sm:col-span-2">
            <Notice tone="danger">
              <span role="alert">
                {problem.title} {problem.detail}
              </span>
            </Notice>
          </div>
        )}
        <Field label={t('users.name')} error={errorOf('name')}>
          {(ids) => (
            <Input
              {...ids}
              required
              autoFocus
              maxLength={100}
              value={draft.name}
              onChange={(event) => setDraft({ ...draft, name: event.target.value })}
            />
          )}
        </Field>
        <Field
          label={t('users.role')}
          hint={t(`users.roleHint.${roleFrom(draft.role)}`)}
          error={errorOf('role')}
        >
          {(ids) => (
            <Select
              {...ids}
              value={draft.role}
              onChange={(event) => setDraft({ ...draft, role: event.target.value })}
            >
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {shell(`role.${role}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('users.email')} error={errorOf('email')}>
          {(ids) => (
            <Input
              {...ids}
              type="email"
              required
              value={draft.email}
              onChange={(event) => setDraft({ ...draft, email: event.target.value })}
            />
          )}
        </Field>
        <Field
          label={t('users.password')}
          hint={t('users.passwordHint', { min: PASSWORD_MIN })}
          error={errorOf('password')}
        >
          {(ids) => (
            <Input
              {...ids}
              type="password"
              autoComplete="new-password"
              required
              minLength={PASSWORD_MIN}
              value={draft.password}
              onChange={(event) => setDraft({ ...draft, password: event.target.value })}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
