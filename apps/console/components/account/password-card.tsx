'use client';

import type { UserDto } from '@gatehouse/contract';
import { PASSWORD_CHARS } from '@gatehouse/contract/password-chars';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Card } from '@/components/ui/page';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { showToast } from '@/components/ui/toast';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { usePasswordFault } from '@/lib/use-password-fault';

const EMPTY = { password: '', newPassword: '' };

/** Another password; it ends every other session. */
export function PasswordCard({ user }: { readonly user: UserDto }) {
  const t = useText('account');
  const [draft, setDraft] = useState(EMPTY);
  const [weak, check] = usePasswordFault([user.email, user.name]);
  const change = useAction(() => api.put<{ ended: number }>('/account/password', draft), {
    stale: ['/account/sessions'],
    toastProblems: false,
    onDone: ({ ended }) => {
      setDraft(EMPTY);
      showToast({ tone: 'good', text: t('password.changed'), detail: t('password.ended', { count: ended }) });
    },
  });
  const problem = change.error === null ? null : problemOf(change.error);
  const errorOf = fieldErrors(problem);
  return (
    <Card title={t('password.title')}>
      <form
        className="grid gap-4 p-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(undefined);
        }}
      >
        {problem !== null && problem.errors === undefined && (
          <div className="sm:col-span-2">
            <ProblemNotice problem={problem} />
          </div>
        )}
        {/* Password managers want to know whose password it is. */}
        <input type="text" autoComplete="username" value={user.email} readOnly hidden />
        <Field label={t('password.current')} error={errorOf('password') && t('password.wrong')}>
          {(ids) => (
            <Input
              {...ids}
              type="password"
              required
              autoComplete="current-password"
              value={draft.password}
              onChange={(event) => setDraft({ ...draft, password: event.target.value })}
            />
          )}
        </Field>
        <Field
          label={t('password.new')}
          hint={t('password.hint', PASSWORD_CHARS)}
          error={weak ?? errorOf('newPassword')}
        >
          {(ids) => (
            <Input
              {...ids}
              type="password"
              required
              autoComplete="new-password"
              value={draft.newPassword}
              onChange={(event) => {
                setDraft({ ...draft, newPassword: event.target.value });
                check(event.target.value);
              }}
            />
          )}
        </Field>
        <div className="sm:col-span-2">
          <Button
            type="submit"
            tone="primary"
            busy={change.isPending}
            disabled={draft.password === '' || draft.newPassword === '' || weak !== undefined}
          >
            {t('password.change')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
