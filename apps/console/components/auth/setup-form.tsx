'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { FormProblem } from './form-problem';
import { textOf, useForm } from './use-form';

const PASSWORD_MIN = 12;

/**
 * The token stands in the address after `#`: browsers do not send that part, so it is in no server's log. It is
 * taken out of the address bar (and so of the history) as soon as it is read.
 */
function useSetupToken(): string | null | undefined {
  const [token, setToken] = useState<string | null>();
  useEffect(() => {
    const fragment = window.location.hash.slice(1);
    const named = new URLSearchParams(fragment).get('token');
    setToken(named ?? (fragment === '' ? null : fragment));
    if (fragment !== '') window.history.replaceState(null, '', window.location.pathname);
  }, []);
  return token;
}

export function SetupForm() {
  const t = useText('auth');
  const form = useForm();
  const fromLink = useSetupToken();
  const send = async (data: FormData): Promise<void> => {
    await api.post('/setup', {
      token: fromLink ?? textOf(data, 'token').trim(),
      email: textOf(data, 'email'),
      name: textOf(data, 'name'),
      password: textOf(data, 'password'),
    });
    window.location.assign('/start');
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        void form.submit(() => send(data));
      }}
    >
      <FormProblem problem={form.problem} />
      {fromLink === null && (
        <Field label={t('setupToken')} hint={t('setupTokenHint')} error={form.errorOf('token')}>
          {(ids) => <Input {...ids} name="token" required className="mono h-9" />}
        </Field>
      )}
      <Field label={t('name')} error={form.errorOf('name')}>
        {(ids) => (
          <Input
            {...ids}
            name="name"
            autoComplete="name"
            required
            maxLength={100}
            autoFocus
            className="h-9"
          />
        )}
      </Field>
      <Field label={t('email')} error={form.errorOf('email')}>
        {(ids) => (
          <Input {...ids} name="email" type="email" autoComplete="username" required className="h-9" />
        )}
      </Field>
      <Field
        label={t('newPassword')}
        hint={t('passwordHint', { min: PASSWORD_MIN })}
        error={form.errorOf('password')}
      >
        {(ids) => (
          <Input
            {...ids}
            name="password"
            type="password"
            autoComplete="new-password"
            required
            minLength={PASSWORD_MIN}
            className="h-9"
          />
        )}
      </Field>
      <Button type="submit" tone="primary" busy={form.busy} className="h-9 w-full">
        {t('createOwner')}
      </Button>
    </form>
  );
}
