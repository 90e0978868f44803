'use client';

import type { StatsDto } from '@gatehouse/contract';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ClientText } from '@/components/ui/client-text';
import { Card } from '@/components/ui/page';
import { ReasonChip } from '@/components/ui/reason-chip';
import { useFormat, useText } from '@/lib/i18n';
import type { TimeRange } from '@/lib/range';
import { rowsOf } from './links';

/** Who and what is refused most; each value leads to its clients. */
export function TopLists({ top, range }: { readonly top: StatsDto['top']; readonly range: TimeRange }) {
  const t = useText('overview');
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2 2xl:grid-cols-4">
      <TopList
        title={t('top.reasons')}
        rows={top.reasons}
        href={(value) => rowsOf(range, { reason: value })}
        show={(value) => <ReasonChip code={value} />}
      />
      <TopList
        title={t('top.ips')}
        rows={top.ips}
        href={(value) => rowsOf(range, { ip: value })}
        show={(value) => <span className="mono">{value}</span>}
      />
      <TopList
        title={t('top.usernames')}
        rows={top.usernames}
        href={(value) => rowsOf(range, { username: `eq:${value}` })}
        show={(value) => <ClientText text={value} />}
      />
      <TopList
        title={t('top.clientIds')}
        rows={top.clientIds}
        href={(value) => rowsOf(range, { clientId: `eq:${value}` })}
        show={(value) => <ClientText text={value} />}
      />
    </div>
  );
}

interface TopListProps {
  readonly title: string;
  readonly rows: readonly { readonly value: string; readonly count: number }[];
  readonly href: (value: string) => string;
  readonly show: (value: string) => ReactNode;
}

function TopList({ title, rows, href, show }: TopListProps) {
  const { formatCompact } = useFormat();
  const t = useText('overview');
  const most = Math.max(1, ...rows.map((row) => row.count));
  return (
    <Card title={title}>
      {rows.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-muted">{t('top.none')}</p>
      ) : (
        <ol className="p-1.5">
          {rows.map((row) => (
            <li key={row.value} className="relative">
              <svg
                aria-hidden
                viewBox="0 0 100 1"
                preserveAspectRatio="none"
                className="absolute inset-y-0.5 start-0 h-7 w-full rounded-sm"
              >
                <rect width={(row.count / most) * 100} height="1" className="fill-hover" />
              </svg>
              <Link
                href={href(row.value)}
                prefetch={false}
                className="relative flex h-8 items-center gap-3 rounded-md px-2.5 text-sm hover:underline"
              >
                <span className="flex min-w-0 flex-1">{show(row.value)}</span>
                <span className="nums text-muted">{formatCompact(row.count)}</span>
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
