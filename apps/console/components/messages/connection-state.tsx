'use client';

import { CircleAlert, Plug, ShieldX } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { buttonClass } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { RelativeTime } from '@/components/ui/time';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { unauthorizedLink } from '@/lib/unauthorized-link';
import { codeWords } from './code-words';
import type { Connection } from './open-client';

interface StateProps<Tag extends Connection['tag']> {
  readonly connection: Extract<Connection, { readonly tag: Tag }>;
}

/** How it stands with the connection, in words. */
export function ConnectionState({ connection }: { readonly connection: Connection }) {
  const t = useText('messages');
  switch (connection.tag) {
    case 'idle':
      return <span className="text-muted">{t('idle')}</span>;
    case 'connecting':
      return <span className="text-muted">{t('connecting')}</span>;
    case 'ended':
      return <Ended connection={connection} />;
    case 'refused':
      return <Refused connection={connection} />;
    case 'online':
      return <Online connection={connection} />;
  }
}

function Ended({ connection: { problem, code } }: StateProps<'ended'>) {
  const t = useText('messages');
  // Only MQTT 5 has a DISCONNECT of the server's.
  const words = code === null ? null : t('refusedWhy', { words: codeWords(t, 5, code) });
  return (
    <>
      <Badge tone="refused" icon={<CircleAlert aria-hidden />}>
        {t('ended')}
      </Badge>
      <span className="text-muted">{problem ?? words ?? t('endedHint')}</span>
    </>
  );
}

function Refused({ connection }: StateProps<'refused'>) {
  const t = useText('messages');
  const { code, version, clientId, username } = connection;
  const mayLook = useMay('unauthorized:read');
  const filter = clientId === '' ? { username: `eq:${username}` } : { clientId: `eq:${clientId}` };
  return (
    <>
      <Badge tone="refused" icon={<CircleAlert aria-hidden />}>
        {t('refusedTitle')}
      </Badge>
      <span className="min-w-0">{t('refusedWhy', { words: codeWords(t, version, code) })}</span>
      {mayLook && (
        <Link
          href={unauthorizedLink(clientId === '' && username === '' ? {} : filter)}
          className={buttonClass('neutral', 'sm')}
        >
          <ShieldX aria-hidden className="size-4" />
          {t('refusedLink')}
        </Link>
      )}
    </>
  );
}

function Online({ connection }: StateProps<'online'>) {
  const t = useText('messages');
  const { clientId, version, expiresAt, isResumed } = connection;
  return (
    <>
      <Badge tone="accepted" icon={<Plug aria-hidden />}>
        {t('online')}
      </Badge>
      {clientId === '' ? (
        <span className="text-sm text-muted">{t('assigned')}</span>
      ) : (
        <span className="flex min-w-0 text-sm">
          <ClientText text={clientId} />
        </span>
      )}
      <span className="text-sm text-muted">{t(`connectAs.versions.${String(version)}`)}</span>
      {isResumed && <Badge>{t('resumed')}</Badge>}
      {expiresAt !== null && (
        <span className="text-sm text-muted">
          {t('until')} <RelativeTime iso={expiresAt} />
        </span>
      )}
    </>
  );
}
