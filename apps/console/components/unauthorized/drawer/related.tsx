'use client';

import type { UnauthorizedClientDetailDto, UnauthorizedClientDto } from '@gatehouse/contract';
import Link from 'next/link';
import { ReasonChip } from '@/components/ui/reason-chip';
import { RelativeTime } from '@/components/ui/time';
import { useText } from '@/lib/i18n';
import { viewHref } from '@/lib/unauthorized/parsers';
import type { ViewPatch } from '@/lib/unauthorized/view';
import { ClientId } from '../client-id';
import { ResolvedMark } from '../resolved-mark';
import { Section } from './section';

const SHOWN_MAX = 5;

/** Others of the same address or username: one fault may have many names. */
export function Related({ row }: { readonly row: UnauthorizedClientDetailDto }) {
  const t = useText('unauthorized');
  const { sameIp, sameUsername } = row.related;
  if (sameIp.length + sameUsername.length === 0) return null;
  return (
    <Section title={t('drawer.related')}>
      <div className="flex flex-col gap-4">
        <RelatedList
          title={t('related.ip', { ip: row.ip })}
          rows={sameIp}
          all={{ ip: { include: [row.ip], exclude: [] }, state: 'all', range: 'all' }}
        />
        {row.username !== null && (
          <RelatedList
            title={t('related.username')}
            rows={sameUsername}
            all={{ username: { operator: 'eq', value: row.username }, state: 'all', range: 'all' }}
          />
        )}
      </div>
    </Section>
  );
}

interface RelatedListProps {
  readonly title: string;
  readonly rows: readonly UnauthorizedClientDto[];
  readonly all: ViewPatch;
}

function RelatedList({ title, rows, all }: RelatedListProps) {
  const t = useText('unauthorized');
  if (rows.length === 0) return null;
  return (
    <div>
      <p className="mb-1 flex items-baseline text-xs text-muted">
        {title}
        <Link href={viewHref('/unauthorized', all)} className="ms-auto text-accent hover:underline">
          {t('related.all')}
        </Link>
      </p>
      <ul className="rounded-md border border-line">
        {rows.slice(0, SHOWN_MAX).map((one) => (
          <li key={one.id} className="border-b border-line last:border-b-0">
            <Link
              href={`/unauthorized/${encodeURIComponent(one.id)}`}
              className="flex min-h-8 flex-wrap items-center gap-x-3 px-2.5 py-1 text-sm hover:bg-hover"
            >
              <span className="flex min-w-28 flex-1">
                <ClientId clientId={one.clientId} truncated={one.clientIdTruncated} />
              </span>
              <span className="flex min-w-0">
                {one.state === 'resolved' ? <ResolvedMark /> : <ReasonChip code={one.reason} />}
              </span>
              <RelativeTime iso={one.lastAttemptAt} className="text-xs text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
