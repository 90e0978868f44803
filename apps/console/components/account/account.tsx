'use client';

import type { AccountDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Card, Fact, Facts, Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { api, problemOf } from '@/lib/api';
import { accountResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { useFormErrors } from '@/lib/use-form-errors';
import { useResource } from '@/lib/use-resource';
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
  const save = useAction(() => api.patch('/account', { name }), {
    stale: ['/account', '/users'],
    toastProblems: false,
    onDone: () => showToast({ tone: 'good', text: t('profile.saved') }),
  });
  const problem = save.error === null ? null : problemOf(save.error);
  const errorOf = useFormErrors('updateAccount', { name }, problem);
  return (
    <Card title={t('profile.title')}>
      <form
        className="grid gap-x-8 gap-y-4 p-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <Field label={t('profile.name')} error={errorOf('name')}>
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
              <Button type="submit" busy={save.isPending} disabled={name.trim() === user.name}>
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
      </form>
    </Card>
  );
}
