'use client';

import type { ClientSessionDto } from '@gatehouse/contract';
import { ShieldX } from 'lucide-react';
import Link from 'next/link';
import { BlockButton } from '@/components/blocked/block-button';
import { choicesOf } from '@/components/blocked/kinds';
import { SubscriptionsTable } from '@/components/subscriptions/subscriptions-table';
import { buttonClass } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { Dialog } from '@/components/ui/dialog';
import { Fact, Facts } from '@/components/ui/page';
import { ProtocolName } from '@/components/ui/protocol-name';
import { ErrorState, Skeleton, State } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { apiUrl, problemOf } from '@/lib/api';
import { clientResource, subscriptionsResource } from '@/lib/endpoints';
import { useFormat, useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { unauthorizedLink } from '@/lib/unauthorized-link';
import { useResource } from '@/lib/use-resource';
import { DisconnectButtons } from './disconnect-buttons';
import { CredentialLink } from './credential-link';
import { OnlineBadge } from './online-badge';
import { TlsName } from './tls-name';

const REFRESH_MS = 5_000;
const SUBSCRIPTIONS_SHOWN = 10;

interface ClientDrawerProps {
  readonly clientId: string;
  readonly onClose: () => void;
}

/** One session: how it is connected, what it holds, what it hears, and the ways to end it. */
export function ClientDrawer({ clientId, onClose }: ClientDrawerProps) {
  const t = useText('clients');
  const found = useResource(clientResource(clientId), { refetchInterval: REFRESH_MS });
  const isGone = found.isError && problemOf(found.error).status === 404;
  const client = isGone ? undefined : found.data;
  return (
    <Dialog
      open
      variant="drawer"
      size="md"
      onClose={onClose}
      title={<VisibleSentence text={clientId} />}
      description={client !== undefined && <OnlineBadge online={client.online} />}
    >
      {client !== undefined ? (
        <ClientDetail client={client} onEnded={onClose} />
      ) : isGone ? (
        <State title={t('drawer.gone')} />
      ) : found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Skeleton className="h-48 w-full" />
      )}
    </Dialog>
  );
}

interface ClientDetailProps {
  readonly client: ClientSessionDto;
  readonly onEnded: () => void;
}

function ClientDetail({ client, onEnded }: ClientDetailProps) {
  const t = useText('clients');
  const mayDisconnect = useMay('clients:disconnect');
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-2">
        {mayDisconnect && (
          <DisconnectButtons
            clientIds={[client.clientId]}
            online={client.online}
            onDone={(session) => {
              if (session === 'end') onEnded();
            }}
          />
        )}
        <BlockButton
          choices={choicesOf({ clientId: client.clientId, username: client.username, ip: client.ip })}
        />
        <Link
          href={unauthorizedLink({ clientId: `eq:${client.clientId}` })}
          className={buttonClass('neutral', 'sm')}
        >
          <ShieldX aria-hidden className="size-4" />
          {t('drawer.refused')}
        </Link>
      </div>
      <Facts>
        <IdentityFacts client={client} />
        <ConnectionFacts client={client} />
        <LoadFacts client={client} />
      </Facts>
      <Subscriptions client={client} />
    </div>
  );
}

type FactsProps = Pick<ClientDetailProps, 'client'>;

function IdentityFacts({ client }: FactsProps) {
  const t = useText('clients');
  return (
    <>
      <Fact label={t('username')}>
        <ClientText text={client.username} expandable />
      </Fact>
      <Fact label={t('credential')}>
        <span className="flex flex-wrap items-center gap-x-1.5">
          <CredentialLink client={client} />
          {client.superuser && <span>· {t('superuser')}</span>}
        </span>
      </Fact>
      <Fact label={t('principal')}>
        <ClientText text={client.principal} expandable />
      </Fact>
    </>
  );
}

function ConnectionFacts({ client }: FactsProps) {
  const t = useText('clients');
  const common = useText('common');
  const yesNo = (value: boolean | null): string => (value === null ? '—' : common(value ? 'yes' : 'no'));
  return (
    <>
      <Fact label={t('address')}>
        <span className="mono">{client.ip ?? '—'}</span>
      </Fact>
      <Fact label={t('node')}>{client.node}</Fact>
      <Fact label={t('listener')}>{client.listener ?? '—'}</Fact>
      <Fact label={t('protocol')}>
        <ProtocolName protocol={client.protocol} />
      </Fact>
      <Fact label={t('tls')}>
        <TlsName client={client} />
      </Fact>
      <Fact label={t('keepAlive')}>
        {client.keepAliveSeconds === null ? '—' : t('seconds', { count: client.keepAliveSeconds })}
      </Fact>
      <Fact label={t('cleanStart')}>{yesNo(client.cleanStart)}</Fact>
      {client.connectedAt !== null && (
        <Fact label={t('connected')}>
          <RelativeTime iso={client.connectedAt} focusable />
        </Fact>
      )}
      {client.disconnectedAt !== null && (
        <Fact label={t('disconnected')}>
          <RelativeTime iso={client.disconnectedAt} focusable />
        </Fact>
      )}
    </>
  );
}

function LoadFacts({ client }: FactsProps) {
  const { formatBytes, formatNumber } = useFormat();
  const t = useText('clients');
  return (
    <>
      <Fact label={t('expiry')}>
        {client.expirySeconds === 0 ? t('expiryNone') : t('seconds', { count: client.expirySeconds })}
      </Fact>
      <Fact label={t('inflight')}>
        <span className="nums">{formatNumber(client.inflight)}</span>
      </Fact>
      <Fact label={t('queued')}>
        <span className="nums">
          {t('messages', { count: client.queued })} · {formatBytes(client.queuedBytes)}
        </span>
      </Fact>
      <Fact label={t('dropped')}>
        <span className="nums">{t('messages', { count: client.dropped })}</span>
      </Fact>
      {client.mountpoint !== null && (
        <Fact label={t('mountpoint')}>
          <ClientText text={client.mountpoint} expandable />
        </Fact>
      )}
      {client.willTopic !== null && (
        <Fact label={t('will')}>
          <ClientText text={client.willTopic} expandable />
        </Fact>
      )}
    </>
  );
}

function Subscriptions({ client }: FactsProps) {
  const t = useText('clients');
  const clientId = `eq:${client.clientId}`;
  const list = useResource(subscriptionsResource({ clientId, limit: SUBSCRIPTIONS_SHOWN }), {
    refetchInterval: REFRESH_MS,
  });
  return (
    <section className="flex flex-col gap-2">
      <h3 className="flex items-baseline justify-between text-sm font-semibold">
        {t('subscriptions')}
        {client.subscriptions > SUBSCRIPTIONS_SHOWN && (
          <Link
            href={`/subscriptions${apiUrl('', { clientId: client.clientId }).replace(/^[^?]*/, '')}`}
            className="font-normal text-accent hover:underline"
          >
            {t('drawer.allSubscriptions', { count: client.subscriptions })}
          </Link>
        )}
      </h3>
      {list.isError && list.data === undefined ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data?.items.length === 0 ? (
        <p className="text-sm text-muted">{t('drawer.noSubscriptions')}</p>
      ) : (
        <div className="card overflow-hidden">
          <SubscriptionsTable rows={list.data?.items} busy={false} withClient={false} />
        </div>
      )}
    </section>
  );
}
