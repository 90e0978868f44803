'use client';

import type { AccountDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Card, Fact, Facts, Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { api } from '@/lib/api';
import { accountResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useResource } from '@/lib/use-resource';
import { useSave } from '@/lib/use-save';
import { IdentityCard } from './identity-card';
import { PasswordCard } from './password-card';
import { SecondFactorCard } from './second-factor-card';
import { SessionsCard } from './sessions-card';

/** One's own account: who one is, the password, the authenticator app, and where one is signed in. */
export function Account() {
  const t = useText('account');
  const account = useResource(accountResource);
  return (
    <Page narrow>
      <PageHeader title={t('title')} description={t('subtitle')} guide="account" />
      {account.data !== undefined ? (
        <>
          <ProfileCard account={account.data} />
          {account.data.user.hasPassword && (
            <>
              <PasswordCard user={account.data.user} />
              <SecondFactorCard account={account.data} />
            </>
          )}
          <IdentityCard account={account.data} />
        </>
      ) : account.isError ? (
        <ErrorState error={account.error} onRetry={() => void account.refetch()} />
      ) : (
        <Skeleton className="h-96 w-full" />
      )}
      <SessionsCard />
    </Page>
  );
}

function ProfileCard({ account: { user } }: { readonly account: AccountDto }) {
  const t = useText('account');
  const common = useText('common');
  const shell = useText('shell');
  const [name, setName] = useState(user.name);
  const save = useSave(() => api.patch('/account', { name }), {
    stale: ['/account', '/users'],
    done: () => t('profile.saved'),
  });
  const form = useForm('updateAccount', { name }, save);
  return (
    <Card title={t('profile.title')}>
      <Form form={form} className="grid gap-x-8 gap-y-4 p-4 sm:grid-cols-2">
        <Field label={t('profile.name')} error={form.errorOf('name')}>
          {(ids) => (
            <div className="flex gap-2">
              <Input
                {...ids}
                required
                maxLength={100}
                autoComplete="name"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
              <Button type="submit" busy={form.busy} disabled={name.trim() === user.name}>
                {common('save')}
              </Button>
            </div>
          )}
        </Field>
        <Facts>
          <Fact label={t('profile.email')}>{user.email}</Fact>
          <Fact label={t('profile.role')}>{shell(`role.${user.role}`)}</Fact>
          <Fact label={t('profile.created')}>
            <RelativeTime iso={user.createdAt} />
          </Fact>
        </Facts>
      </Form>
    </Card>
  );
}
