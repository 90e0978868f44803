'use client';

import type { OverviewDto } from '@gatehouse/contract';
import { Flame, Network, UserPlus } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ClientText } from '@/components/ui/client-text';
import { Card } from '@/components/ui/page';
import { ReasonChip } from '@/components/ui/reason-chip';
import { RelativeTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';
import type { TimeRange } from '@/lib/range';
import { unauthorizedLink } from '@/lib/unauthorized-link';
import { newRowsOf, rowsOf } from './links';

interface NewsCardProps {
  readonly overview: OverviewDto;
  readonly range: TimeRange;
}

/** What was not there before: incidents that began, and who and what was refused for the first time. */
export function NewsCard({ overview, range }: NewsCardProps) {
  const t = useText('overview');
  const { news, incidents } = overview;
  const empty = [incidents, news.reasons, news.networks, news.clients].every((list) => list.length === 0);
  return (
    <Card title={t('news.title')}>
      {empty ? (
        <p className="px-4 py-6 text-center text-sm text-muted">{t('news.none')}</p>
      ) : (
        <div className="flex flex-col gap-3 px-4 py-3">
          <Incidents incidents={incidents} range={range} />
          <Group title={t('news.reasons')} shown={news.reasons.length > 0}>
            {news.reasons.map((one) => (
              <Entry key={one.value} href={rowsOf(range, { reason: one.value })} count={one} at={one.firstAt}>
                <ReasonChip code={one.value} />
              </Entry>
            ))}
          </Group>
          <Group title={t('news.networks')} icon={<Network aria-hidden />} shown={news.networks.length > 0}>
            {news.networks.map((one) => (
              <Entry key={one.value} href={rowsOf(range, { ip: one.value })} count={one} at={one.firstAt}>
                <span className="mono truncate">{one.value}</span>
              </Entry>
            ))}
          </Group>
          <NewClients overview={overview} range={range} />
        </div>
      )}
    </Card>
  );
}

const afterEntry = 'flex min-h-6 basis-full items-center ps-5 text-xs text-accent hover:underline';

function Incidents({ incidents, range }: Pick<OverviewDto, 'incidents'> & { readonly range: TimeRange }) {
  const t = useText('overview');
  return (
    <Group title={t('news.incidents')} icon={<Flame aria-hidden />} shown={incidents.length > 0}>
      {incidents.map((one) => (
        <Entry
          key={`${one.reason} ${one.firstFrom}`}
          href={unauthorizedLink({
            reason: one.reason,
            state: 'all',
            range: 'all',
            firstFrom: one.firstFrom,
            firstTo: one.firstTo,
          })}
          count={one}
          at={one.beganAt}
          after={
            <>
              {one.guessing !== null && (
                <Link href={rowsOf(range, { ip: one.guessing })} prefetch={false} className={afterEntry}>
                  {t('news.guessing', { network: one.guessing })}
                </Link>
              )}
              {one.auditId !== null && (
                <Link
                  href={`/audit?open=${encodeURIComponent(one.auditId)}`}
                  prefetch={false}
                  className={afterEntry}
                >
                  {t('news.afterChange')}
                </Link>
              )}
            </>
          }
        >
          <ReasonChip code={one.reason} />
        </Entry>
      ))}
    </Group>
  );
}

function NewClients({ overview: { news, newClients }, range }: NewsCardProps) {
  const t = useText('overview');
  return (
    <Group title={t('news.clients')} icon={<UserPlus aria-hidden />} shown={news.clients.length > 0}>
      {news.clients.map((one) => (
        <Entry key={one.id} href={`/unauthorized/${one.id}`} at={one.firstAt}>
          <ClientText text={one.clientId} />
        </Entry>
      ))}
      {newClients.clients > news.clients.length && (
        <li>
          <Link
            href={newRowsOf(range)}
            prefetch={false}
            className="inline-flex min-h-6 items-center text-sm text-accent hover:underline"
          >
            {t('news.allClients', { count: newClients.clients })}
          </Link>
        </li>
      )}
    </Group>
  );
}

interface GroupProps {
  readonly title: string;
  readonly icon?: ReactNode;
  readonly shown: boolean;
  readonly children: ReactNode;
}

function Group({ title, icon, shown, children }: GroupProps) {
  if (!shown) return null;
  return (
    <section>
      <h3 className="flex items-center gap-1.5 text-xs font-medium text-muted [&_svg]:size-3.5">
        {icon}
        {title}
      </h3>
      <ul className="mt-0.5">{children}</ul>
    </section>
  );
}

interface EntryProps {
  readonly href: string;
  /** Clients behind it; absent: it is one. */
  readonly count?: { readonly clients: number; readonly isExact: boolean };
  readonly at: string;
  readonly after?: ReactNode;
  readonly children: ReactNode;
}

function Entry({ href, count, at, after, children }: EntryProps) {
  const { formatCompact } = useFormat();
  const t = useText('overview');
  return (
    <li className="flex flex-wrap items-center gap-x-2">
      <Link
        href={href}
        prefetch={false}
        className="flex min-h-7 min-w-0 flex-1 items-center gap-2 text-sm hover:underline"
      >
        <span className="flex min-w-0 flex-1">{children}</span>
        {count !== undefined && (
          <span className="nums whitespace-nowrap text-muted">
            {t('news.clientCount', {
              count: count.clients,
              shown: `${formatCompact(count.clients)}${count.isExact ? '' : '+'}`,
            })}
          </span>
        )}
      </Link>
      <RelativeTime iso={at} className="w-16 text-end text-xs text-faint" />
      {after}
    </li>
  );
}
