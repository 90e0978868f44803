'use client';

import type { ListenerCertificatesDto, StatsDto } from '@gatehouse/contract';
import { CircleCheck, CirclePause } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/page';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { cx } from '@/lib/cx';
import { RelativeTime } from '@/components/ui/time';
import { authorityResource } from '@/lib/endpoints';
import { useFormat, useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useResource } from '@/lib/use-resource';

const REFRESH_MS = 60_000;

/** What listens where, and how long its certificate is still good. */
export function ListenersCard({ stats }: { readonly stats: StatsDto }) {
  const { formatNumber } = useFormat();
  const t = useText('overview');
  const { data: authority } = useResource(authorityResource, { refetchInterval: REFRESH_MS });
  return (
    <Card title={t('listeners.title')}>
      <Table label={t('listeners.title')}>
        <TableHead>
          {(['name', 'address', 'certificate', 'state'] as const).map((column) => (
            <th key={column} scope="col" className={th}>
              {t(`listeners.${column}`)}
            </th>
          ))}
          <th scope="col" className={cx(th, 'text-end')}>
            {t('listeners.connections')}
          </th>
        </TableHead>
        <tbody>
          {stats.listeners.map((one) => (
            <tr key={one.name} className={tr}>
              <td className={td}>
                <bdi className="font-medium">{one.name}</bdi>{' '}
                <span className="text-faint">{t(`listeners.transport.${one.transport}`)}</span>
              </td>
              <td className={cx(td, 'mono')}>
                {one.transport === 'unix' ? one.host : one.port === null ? '' : `${one.host}:${one.port}`}
              </td>
              <td className={td}>
                <CertificateEnd
                  certificates={authority?.listeners.find((tls) => tls.listener === one.name)}
                />
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
              <td className={cx(td, 'nums text-end')}>{formatNumber(one.connections)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

const MINUTE_MS = 60_000;
/** Milliseconds before its end from which on a certificate is marked. */
const SOON_MS = 30 * 86_400_000;

/** Nothing where a listener needs no certificate. */
function CertificateEnd({ certificates }: { readonly certificates: ListenerCertificatesDto | undefined }) {
  const t = useText('overview');
  const now = useNow(MINUTE_MS);
  if (certificates === undefined) return <span className="text-faint">—</span>;
  const { certificate, clients } = certificates;
  if (certificate === null) return <span className="text-refused">{t('listeners.unreadable')}</span>;
  const isSoon = Date.parse(certificate.notAfter) - now < SOON_MS;
  return (
    <Link href="/certificates" className={cx('hover:underline', isSoon && 'text-refused')}>
      <RelativeTime iso={certificate.notAfter} />
      {clients?.crl?.expired === true && <span className="text-refused"> · {t('listeners.listEnded')}</span>}
    </Link>
  );
}
