'use client';

import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { FormProblem } from './form-problem';
import { textOf, useForm } from './use-form';

/** Only a path of this origin may follow a sign-in. */
const safeNext = (): string => {
  const next = new URLSearchParams(window.location.search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
};

export function LoginForm() {
  const t = useText('auth');
  const form = useForm();
  const send = async (data: FormData): Promise<void> => {
    await api.post('/session', { email: textOf(data, 'email'), password: textOf(data, 'password') });
    window.location.assign(safeNext());
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
      <Field label={t('email')} error={form.errorOf('email')}>
        {(ids) => (
          <Input
            {...ids}
            name="email"
            type="email"
            autoComplete="username"
            required
            autoFocus
            className="h-9"
          />
        )}
      </Field>
      <Field label={t('password')} error={form.errorOf('password')}>
        {(ids) => (
          <Input
            {...ids}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            className="h-9"
          />
        )}
      </Field>
      <Button type="submit" tone="primary" busy={form.busy} className="h-9 w-full">
        {t('signIn')}
      </Button>
    </form>
  );
}
