'use client';

import type { SignInSettingsDto } from '@gatehouse/contract';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { CopyButton } from '@/components/ui/copy';
import { Card, Fact, Facts } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { showToast } from '@/components/ui/toast';
import { Switch } from '@/components/ui/toggle';
import { api } from '@/lib/api';
import { providerStatusResource, signInSettingsResource } from '@/lib/endpoints';
import { useFormat, useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';

/** How people sign in: the identity provider as it is configured, whether it answers, and who may use a password. */
export function SignIn() {
  const t = useText('settings');
  const settings = useResource(signInSettingsResource);
  const { data } = settings;
  return (
    <Card title={t('sso.title')} actions={data !== undefined && data.provider !== null && <ProviderState />}>
      {data !== undefined ? (
        data.provider === null ? (
          <p className="p-4 text-muted">{t('sso.none')}</p>
        ) : (
          <div className="flex flex-col gap-5 p-4">
            <ProviderFacts provider={data.provider} linked={data.linked} />
            <Passwords settings={data} />
          </div>
        )
      ) : settings.isError ? (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
      ) : (
        <Skeleton className="m-4 h-32" />
      )}
    </Card>
  );
}

function ProviderState() {
  const t = useText('settings');
  const { data } = useResource(providerStatusResource, { fresh: true });
  if (data === undefined) return null;
  return data.ok ? (
    <Badge tone="accepted" icon={<CircleCheck aria-hidden />}>
      {t('sso.answers')}
    </Badge>
  ) : (
    <>
      <span lang="en" className="text-xs text-muted">
        {data.problem}
      </span>
      <Badge tone="refused" icon={<CircleAlert aria-hidden />}>
        {t('sso.silent')}
      </Badge>
    </>
  );
}

interface ProviderFactsProps {
  readonly provider: NonNullable<SignInSettingsDto['provider']>;
  readonly linked: number;
}

function ProviderFacts({ provider, linked }: ProviderFactsProps) {
  const t = useText('settings');
  const shell = useText('shell');
  const { formatNumber } = useFormat();
  const { roles, defaultRole, emailDomains } = provider;
  return (
    <Facts>
      <Fact label={t('sso.issuer')}>
        {provider.label} · <span className="mono">{provider.issuer}</span>
      </Fact>
      <Fact label={t('sso.client')}>
        <span className="mono">{provider.clientId}</span>
      </Fact>
      <Fact label={t('sso.redirect')}>
        <span className="inline-flex max-w-full flex-wrap items-center gap-1">
          <span className="mono break-all">{provider.redirectUrl}</span>
          <CopyButton text={provider.redirectUrl} label={t('sso.redirect')} />
        </span>
      </Fact>
      <Fact label={t('sso.accounts')}>{t(`sso.accountsOf.${provider.accounts}`)}</Fact>
      <Fact label={t('sso.domains')}>
        {emailDomains.length === 0 ? t('sso.allDomains') : emailDomains.join(', ')}
      </Fact>
      <Fact label={t('sso.roles', { claim: provider.roleClaim })}>
        {roles.length === 0 && defaultRole === null ? (
          t('sso.ownRoles')
        ) : (
          <ul className="flex flex-col gap-1">
            {roles.map(({ value, role }) => (
              <li key={value}>
                <span className="mono">{value}</span> → <Badge>{shell(`role.${role}`)}</Badge>
              </li>
            ))}
            <li>
              {t('sso.others')} →{' '}
              <Badge>{defaultRole === null ? t('sso.refused') : shell(`role.${defaultRole}`)}</Badge>
            </li>
          </ul>
        )}
      </Fact>
      <Fact label={t('sso.linked')}>{formatNumber(linked)}</Fact>
    </Facts>
  );
}

function Passwords({ settings }: { readonly settings: SignInSettingsDto }) {
  const t = useText('settings');
  const mayWrite = useMay('users:write');
  const isOwnersOnly = settings.passwordFor === 'owners';
  const change = useAction(
    (ownersOnly: boolean) =>
      api.put<SignInSettingsDto>('/sign-in/settings', { passwordFor: ownersOnly ? 'owners' : 'everyone' }),
    {
      stale: ['/sign-in/settings', '/sign-in'],
      onDone: () => showToast({ tone: 'good', text: t('sso.changed') }),
    },
  );
  return (
    <div className="flex items-start gap-3 border-t border-line pt-4">
      <Switch
        checked={isOwnersOnly}
        label={t('sso.passwords')}
        disabled={!mayWrite || change.isPending}
        onChange={(ownersOnly) => change.mutate(ownersOnly)}
      />
      <div>
        <p>{t('sso.passwords')}</p>
        <p className="text-xs text-muted">{t('sso.passwordsHint')}</p>
      </div>
    </div>
  );
}
