'use client';

import type { UserDto } from '@gatehouse/contract';
import { PASSWORD_CHARS } from '@gatehouse/contract/password-chars';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Card } from '@/components/ui/page';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm, type FormState } from '@/lib/use-form';
import { usePasswordFault } from '@/lib/use-password-fault';
import { useSave } from '@/lib/use-save';

const EMPTY = { password: '', newPassword: '' };

/** Another password; it ends every other session. */
export function PasswordCard({ user }: { readonly user: UserDto }) {
  const t = useText('account');
  const [draft, setDraft] = useState(EMPTY);
  const [weak, check] = usePasswordFault([user.email, user.name]);
  const save = useSave(() => api.put<{ ended: number }>('/account/password', draft), {
    stale: ['/account/sessions'],
    onDone: ({ ended }) => {
      showToast({ tone: 'good', text: t('password.changed'), detail: t('password.ended', { count: ended }) });
      setDraft(EMPTY);
      form.renew(EMPTY);
    },
  });
  const isWrong = save.problem?.errors?.some(({ path }) => path === 'password') === true;
  const form: FormState = useForm('changePassword', draft, save, { newPassword: weak });
  return (
    <Card title={t('password.title')}>
      <Form form={form} className="grid gap-4 p-4 sm:grid-cols-2">
        {/* Password managers want to know whose password it is. */}
        <input type="text" autoComplete="username" value={user.email} readOnly hidden />
        <Field
          label={t('password.current')}
          error={form.errorOf('password') && (isWrong ? t('password.wrong') : form.errorOf('password'))}
        >
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
          error={form.errorOf('newPassword')}
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
          <Button type="submit" tone="primary" busy={form.busy}>
            {t('password.change')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
