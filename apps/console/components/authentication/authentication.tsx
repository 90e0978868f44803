'use client';

import type { AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import { Lock, Plus } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryStates } from 'nuqs';
import { useId } from 'react';
import { Button, buttonClass } from '@/components/ui/button';
import { Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Notice, Skeleton, StaleBanner } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { anonymousResource, authenticatorsResource, chainsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';
import { AnonymousCard } from './anonymous-card';
import { ChainCard } from './chain-card';
import { UnusedCard } from './unused-card';
import { Warnings } from './warnings';

const AuthenticatorDrawer = lazyPart(() =>
  import('./authenticator-drawer').then((module) => module.AuthenticatorDrawer),
);

/** The open authenticator, and the name of a refused certificate that rules are to be added for in it. */
const PARSERS = { open: parseAsString, cn: parseAsString, credential: parseAsString };
const REFRESH_MS = 10_000;
const REFRESH = { refetchInterval: REFRESH_MS } as const;

/** Who decides about clients, in which order, and what happens to those that nobody knows. */
export function Authentication() {
  const [{ open, cn, credential }, setQuery] = useQueryStates(PARSERS, { history: 'push' });
  const setOpen = (name: string | null): void => void setQuery({ open: name, cn: null, credential: null });
  const all = useResource(authenticatorsResource, REFRESH);
  const chains = useResource(chainsResource, REFRESH);
  const anonymous = useResource(anonymousResource, REFRESH);
  const reads = [all, chains, anonymous] as const;
  const failed = reads.find((one) => one.isError);
  const retry = (): void => {
    for (const one of reads) void one.refetch();
  };
  const isWhole = all.data !== undefined && chains.data !== undefined && anonymous.data !== undefined;
  return (
    <Page>
      <Header />
      {failed !== undefined && isWhole && (
        <StaleBanner
          since={<RelativeTime iso={new Date(failed.dataUpdatedAt).toISOString()} />}
          onRetry={retry}
        />
      )}
      {isWhole ? (
        <>
          <Warnings all={all.data.items} chains={chains.data.items} policy={anonymous.data.policy} />
          {chains.data.items.map((chain) => (
            <ChainCard
              key={chain.name}
              chain={chain}
              all={all.data.items}
              anonymous={anonymous.data}
              onOpen={setOpen}
            />
          ))}
          <AnonymousCard anonymous={anonymous.data} />
          <Unused all={all.data.items} chains={chains.data.items} onOpen={setOpen} />
        </>
      ) : failed !== undefined ? (
        <section className="card">
          <ErrorState error={failed.error} onRetry={retry} />
        </section>
      ) : (
        <Loading />
      )}
      {open !== null && (
        <AuthenticatorDrawer
          key={open}
          name={open}
          addCn={cn === null ? undefined : { cn, credential }}
          onClose={() => setOpen(null)}
        />
      )}
    </Page>
  );
}

function Header() {
  const t = useText('authentication');
  const mayWrite = useMay('authentication:write');
  const reason = useId();
  const label = (
    <>
      <Plus aria-hidden className="size-4" />
      {t('add')}
    </>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('subtitle')}
        guide="authentication"
        actions={
          mayWrite ? (
            <Link href="/authentication/new" className={buttonClass('primary')}>
              {label}
            </Link>
          ) : (
            <Button tone="primary" disabled aria-describedby={reason}>
              {label}
            </Button>
          )
        }
      />
      {!mayWrite && (
        <Notice icon={<Lock aria-hidden />}>
          <span id={reason}>{t('readOnly')}</span>
        </Notice>
      )}
    </>
  );
}

interface UnusedProps {
  readonly all: readonly AuthenticatorDto[];
  readonly chains: readonly ChainDto[];
  readonly onOpen: (name: string) => void;
}

function Unused({ all, chains, onOpen }: UnusedProps) {
  const unused = all.filter((one) => one.chains.length === 0);
  return unused.length === 0 ? null : <UnusedCard unused={unused} chains={chains} onOpen={onOpen} />;
}

const Loading = () => (
  <>
    {[0, 1].map((card) => (
      <section key={card} className="card flex flex-col gap-4 p-4">
        <Skeleton className="h-5 w-40" />
        <Skeleton className="h-12 w-full" />
        <Skeleton className="h-12 w-full" />
      </section>
    ))}
  </>
);
