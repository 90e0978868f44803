'use client';

import type { OverviewDto } from '@gatehouse/contract';
import { ShieldAlert } from 'lucide-react';
import Link from 'next/link';
import { BlockButton } from '@/components/blocked/block-button';
import { Notice } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';
import type { TimeRange } from '@/lib/range';
import { rowsOf } from './links';

type GuessingNetwork = OverviewDto['guessing'][number];

/** Networks that somebody guesses passwords from: what was tried, who is behind it, and the block that ends it. */
export function GuessingNotice({
  networks,
  range,
}: {
  readonly networks: readonly GuessingNetwork[];
  readonly range: TimeRange;
}) {
  const t = useText('overview');
  if (networks.length === 0) return null;
  return (
    <Notice tone="warning" icon={<ShieldAlert aria-hidden className="text-ignored" />}>
      <strong className="font-semibold">{t('guessing.title', { count: networks.length })}</strong>
      <ul className="mt-1 flex flex-col gap-1">
        {networks.map((one) => (
          <li key={one.network} className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
            <Link
              href={rowsOf(range, { ip: one.network })}
              prefetch={false}
              className="mono inline-flex min-h-6 items-center font-medium hover:underline"
            >
              {one.network}
            </Link>
            <span className="min-w-0 flex-[1_1_16rem]">
              <What network={one} /> <RelativeTime iso={one.lastAt} className="text-muted" />
            </span>
            {one.blocked ? (
              <Link href="/blocked" className="inline-flex min-h-6 items-center text-muted underline">
                {t('guessing.blocked')}
              </Link>
            ) : (
              <BlockButton choices={[{ kind: 'cidr', value: one.network }]} />
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function What({ network }: { readonly network: GuessingNetwork }) {
  const { formatNumber } = useFormat();
  const t = useText('overview');
  const { clients, secrets, usernames, attempts, slowed } = network;
  const what =
    clients === 0
      ? t('guessing.unnamed', { failures: formatNumber(attempts) })
      : t('guessing.tried', {
          secrets,
          shownSecrets: formatNumber(secrets),
          usernames,
          shownUsernames: formatNumber(usernames),
        });
  return (
    <>
      {what}
      {slowed && ` · ${t('guessing.slowed')}`} ·
    </>
  );
}
