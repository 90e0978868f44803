'use client';

import type { AccountSessionDto } from '@gatehouse/contract';
import { Laptop, Smartphone, Terminal } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { accountSessionsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';

/** Where one is signed in, each with its end. */
export function SessionsCard() {
  const t = useText('account');
  const list = useResource(accountSessionsResource);
  const endOthers = useAction(() => api.delete<{ ended: number }>('/account/sessions'), {
    stale: ['/account/sessions'],
    onDone: ({ ended }) => showToast({ tone: 'good', text: t('sessions.ended', { count: ended }) }),
  });
  const items = list.data?.items ?? [];
  return (
    <Card
      title={t('sessions.title')}
      actions={
        items.length > 1 && (
          <Button
            size="sm"
            tone="danger"
            busy={endOthers.isPending}
            onClick={() => endOthers.mutate(undefined)}
          >
            {t('sessions.endOthers')}
          </Button>
        )
      }
    >
      {list.isError && list.data === undefined ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Skeleton className="m-4 h-10" />
      ) : (
        <ul className="divide-y divide-line">
          {items.map((session) => (
            <SessionItem key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Card>
  );
}

const PHONES: readonly (string | null)[] = ['iPhone', 'Android'];

function iconOf({ browser, system }: AccountSessionDto) {
  if (browser?.startsWith('curl') === true) return <Terminal aria-hidden />;
  return PHONES.includes(system) ? <Smartphone aria-hidden /> : <Laptop aria-hidden />;
}

function SessionItem({ session }: { readonly session: AccountSessionDto }) {
  const t = useText('account');
  const browser = session.browser ?? t('sessions.unknownBrowser');
  const where = session.system === null ? browser : t('sessions.on', { browser, system: session.system });
  const end = useAction(() => api.delete(`/account/sessions/${session.id}`), {
    stale: ['/account/sessions'],
    onDone: () => showToast({ tone: 'good', text: t('sessions.ended', { count: 1 }) }),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <span className="flex size-8 shrink-0 items-center justify-center rounded-md border border-line bg-sunken text-muted [&_svg]:size-4">
        {iconOf(session)}
      </span>
      <div className="min-w-48 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {where}
          {session.current && <Badge tone="accent">{t('sessions.current')}</Badge>}
        </p>
        <p className="text-sm text-muted">
          <span className="mono">{session.ip}</span> · {t('sessions.since')}{' '}
          <RelativeTime iso={session.createdAt} /> · {t('sessions.lastSeen')}{' '}
          <RelativeTime iso={session.lastSeenAt} />
        </p>
      </div>
      {!session.current && (
        <Button
          size="sm"
          busy={end.isPending}
          aria-label={t('sessions.endOne', { where })}
          onClick={() => end.mutate(undefined)}
        >
          {t('sessions.end')}
        </Button>
      )}
    </li>
  );
}
