'use client';

import type { TroubledClientsDto } from '@gatehouse/contract';
import { Repeat, Swords } from 'lucide-react';
import Link from 'next/link';
import { memo, useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { Notice } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { troubledResource } from '@/lib/unauthorized/resources';
import { useResource } from '@/lib/use-resource';
import { StatementLine } from './drawer/statement-line';
import { useWatches } from './watch/watch-provider';

const REFRESH_MS = 15_000;

type TroubledClient = TroubledClientsDto['items'][number];

/** Clients that are let in and fail all the same, beside those that are refused; nothing while there are none. */
export const Troubled = memo(function Troubled() {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const [open, setOpen] = useState(false);
  const { data } = useResource(troubledResource, { refetchInterval: REFRESH_MS });
  if (data === undefined || data.items.length === 0) return null;
  const { items, complete } = data;
  return (
    <section aria-label={t('troubled.title')} className="flex flex-col gap-2">
      <Notice
        tone="warning"
        icon={<Repeat aria-hidden className="text-ignored" />}
        actions={
          <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? 'troubled.hide' : 'troubled.show')}
          </Button>
        }
      >
        {t('troubled.summary', {
          count: items.length,
          shown: `${formatNumber(items.length)}${complete ? '' : '+'}`,
        })}
      </Notice>
      {open && (
        <ul className="card divide-y divide-line">
          {items.map((client) => (
            <Item key={client.clientId} client={client} />
          ))}
        </ul>
      )}
    </section>
  );
});

function Item({ client }: { readonly client: TroubledClient }) {
  const t = useText('unauthorized');
  const { start } = useWatches();
  const mayWatch = useMay('unauthorized:watch');
  const mayLook = useMay('clients:read');
  const { clientId, trouble, lastAt, ips, statements } = client;
  const Icon = trouble === 'takeover-war' ? Swords : Repeat;
  return (
    <li className="flex flex-col gap-1.5 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone="ignored" icon={<Icon aria-hidden />}>
          {t(`troubled.kinds.${trouble}`)}
        </Badge>
        <span className="mono flex min-w-0">
          <ClientText text={clientId} expandable />
        </span>
        <span className="mono text-xs text-muted">{ips.join(', ')}</span>
        <span className="ms-auto text-xs text-muted">
          <RelativeTime iso={lastAt} />
        </span>
      </div>
      <ul className="flex flex-col gap-1 text-sm">
        {statements.map((statement) => (
          <StatementLine key={statement.key} statement={statement} />
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {mayWatch && (
          <Button size="sm" onClick={() => start({ clientId })}>
            {t('watch.start.client')}
          </Button>
        )}
        {mayLook && (
          <Link
            href={`/clients?open=${encodeURIComponent(clientId)}`}
            className="inline-flex h-7 items-center text-sm text-accent underline"
          >
            {t('troubled.session')}
          </Link>
        )}
      </div>
    </li>
  );
}
