'use client';

import type { StatsDto } from '@gatehouse/contract';
import { CircleCheck, CirclePause } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/page';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { cx } from '@/lib/cx';
import { formatNumber } from '@/lib/format';
import { useText } from '@/lib/i18n';

export function ListenersCard({ stats }: { readonly stats: StatsDto }) {
  const t = useText('overview');
  return (
    <Card title={t('listeners.title')}>
      <Table label={t('listeners.title')}>
        <TableHead>
          {(['name', 'address', 'state'] as const).map((column) => (
            <th key={column} scope="col" className={th}>
              {t(`listeners.${column}`)}
            </th>
          ))}
          <th scope="col" className={cx(th, 'text-right')}>
            {t('listeners.connections')}
          </th>
        </TableHead>
        <tbody>
          {stats.listeners.map((one) => (
            <tr key={one.name} className={tr}>
              <td className={td}>
                <span className="font-medium">{one.name}</span>{' '}
                <span className="text-faint">{t(`listeners.transport.${one.transport}`)}</span>
              </td>
              <td className={cx(td, 'mono')}>
                {one.transport === 'unix' ? one.host : one.port === null ? '' : `${one.host}:${one.port}`}
              </td>
              <td className={td}>
                {one.enabled && (one.port !== null || one.transport === 'unix') ? (
                  <Badge tone="accepted" icon={<CircleCheck aria-hidden />}>
                    {t('listeners.up')}
                  </Badge>
                ) : (
                  <Badge icon={<CirclePause aria-hidden />}>{t('listeners.off')}</Badge>
                )}
              </td>
              <td className={cx(td, 'nums text-right')}>{formatNumber(one.connections)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
