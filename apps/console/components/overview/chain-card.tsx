'use client';

import type { StatsDto } from '@gatehouse/contract';
import { CircleAlert, CircleCheck, CirclePause } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/page';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';

const COUNTS = ['allow', 'deny', 'ignore', 'error'] as const;

/** What each authenticator of the chain says, how fast, and what went wrong last. */
export function ChainCard({ stats }: { readonly stats: StatsDto }) {
  const t = useText('overview');
  const common = useText('common');
  return (
    <Card
      title={t('chain.title')}
      actions={<span className="text-sm text-muted">{t(`chain.anonymous.${stats.anonymous}`)}</span>}
    >
      <Table label={t('chain.title')}>
        <TableHead>
          <th scope="col" className={th}>
            {t('chain.name')}
          </th>
          {COUNTS.map((outcome) => (
            <th key={outcome} scope="col" className={cx(th, 'text-end')}>
              {common(`outcome.${outcome}`)}
            </th>
          ))}
          <th scope="col" className={cx(th, 'text-end')}>
            {t('chain.p95')}
          </th>
        </TableHead>
        <tbody>
          {stats.authenticators.map((one) => (
            <AuthenticatorRow key={one.name} one={one} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

interface AuthenticatorProps {
  readonly one: StatsDto['authenticators'][number];
}

function AuthenticatorRow({ one }: AuthenticatorProps) {
  const { formatCompact, formatMs } = useFormat();
  const common = useText('common');
  return (
    <tr className={tr}>
      <td className={td}>
        <span className="flex items-center gap-2">
          <span className="font-medium">{one.name}</span>
          <AuthenticatorState one={one} />
        </span>
        {one.lastError !== null && (
          <span className="block max-w-80 truncate text-xs text-muted" data-tip={one.lastError.text}>
            <RelativeTime iso={one.lastError.at} /> · {one.lastError.text}
          </span>
        )}
      </td>
      {COUNTS.map((outcome) => (
        <td key={outcome} className={cx(td, 'nums text-end', one[outcome] === 0 && 'text-faint')}>
          {formatCompact(one[outcome])}
        </td>
      ))}
      <td className={cx(td, 'nums text-end')}>{one.p95Ms === null ? common('none') : formatMs(one.p95Ms)}</td>
    </tr>
  );
}

function AuthenticatorState({ one }: AuthenticatorProps) {
  const t = useText('overview');
  if (!one.enabled) return <Badge icon={<CirclePause aria-hidden />}>{t('chain.off')}</Badge>;
  if (one.error > 0) {
    return (
      <Badge tone="ignored" icon={<CircleAlert aria-hidden />}>
        {t('chain.errors')}
      </Badge>
    );
  }
  return (
    <Badge tone="accepted" icon={<CircleCheck aria-hidden />}>
      {t('chain.healthy')}
    </Badge>
  );
}
