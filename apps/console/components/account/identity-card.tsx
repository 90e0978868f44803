'use client';

import type { AccountDto, SsoStartedDto } from '@gatehouse/contract';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, Fact, Facts } from '@/components/ui/page';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { signInResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';

const Confirm = lazyPart(() => import('@/components/ui/confirm').then((module) => module.Confirm));

/** Who one is at the identity provider; nothing where there is none and never was. */
export function IdentityCard({ account }: { readonly account: AccountDto }) {
  const t = useText('account');
  const { data } = useResource(signInResource);
  const { identity, user } = account;
  if (identity === null) return data?.sso ? <Unlinked provider={data.sso.label} /> : null;
  return (
    <Card
      title={t('identity.title')}
      actions={
        <Badge tone="accepted" icon={<Link2 aria-hidden />}>
          {t('identity.linked')}
        </Badge>
      }
    >
      <div className="flex flex-col items-start gap-4 p-4">
        <Facts>
          <Fact label={t('identity.issuer')}>{identity.issuer}</Fact>
          <Fact label={t('identity.subject')}>
            <bdi>{identity.email ?? identity.subject}</bdi>
          </Fact>
          <Fact label={t('identity.since')}>
            <RelativeTime iso={identity.linkedAt} />
          </Fact>
          {identity.lastUsedAt !== null && (
            <Fact label={t('identity.lastUsed')}>
              <RelativeTime iso={identity.lastUsedAt} />
            </Fact>
          )}
        </Facts>
        {user.hasPassword ? <Unlink /> : <p className="text-sm text-muted">{t('identity.only')}</p>}
      </div>
    </Card>
  );
}

function Unlinked({ provider }: { readonly provider: string }) {
  const t = useText('account');
  const link = useAction(() => api.post<SsoStartedDto>('/account/identity'), {
    stale: [],
    onDone: ({ url }) => window.location.assign(url),
  });
  return (
    <Card title={t('identity.title')}>
      <div className="flex flex-col items-start gap-3 p-4">
        <p className="max-w-prose text-muted">{t('identity.why', { provider })}</p>
        <Button busy={link.isPending} onClick={() => link.mutate(undefined)}>
          {t('identity.link', { provider })}
        </Button>
      </div>
    </Card>
  );
}

function Unlink() {
  const t = useText('account');
  const [asking, setAsking] = useState(false);
  const unlink = useAction(() => api.delete('/account/identity'), {
    stale: ['/account', '/account/sessions'],
    onDone: () => {
      showToast({ tone: 'good', text: t('identity.unlinked') });
      setAsking(false);
    },
  });
  return (
    <>
      <Button tone="danger" onClick={() => setAsking(true)}>
        {t('identity.unlink')}
      </Button>
      {asking && (
        <Confirm
          open
          title={t('identity.unlinkTitle')}
          confirmLabel={t('identity.unlink')}
          busy={unlink.isPending}
          onConfirm={() => unlink.mutate(undefined)}
          onClose={() => setAsking(false)}
        >
          {t('identity.unlinkText')}
        </Confirm>
      )}
    </>
  );
}
