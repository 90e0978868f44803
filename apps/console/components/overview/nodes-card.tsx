'use client';

import type { NodeDto, StatsDto } from '@gatehouse/contract';
import { CircleAlert, CircleArrowRight, CircleCheck, CircleOff } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/page';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';

/** How each state looks. */
const LOOKS = {
  active: { tone: 'accepted', Icon: CircleCheck },
  draining: { tone: 'ignored', Icon: CircleArrowRight },
  silent: { tone: 'refused', Icon: CircleAlert },
  gone: { tone: 'refused', Icon: CircleOff },
} as const;

/** The servers behind these numbers, where there are several. */
export function NodesCard({ stats: { nodes } }: { readonly stats: StatsDto }) {
  const t = useText('overview');
  if (nodes.length < 2) return null;
  return (
    <Card title={t('nodes.title')} className="lg:col-span-2">
      <Table label={t('nodes.title')} busy={false}>
        <TableHead>
          {(['node', 'state', 'clients', 'version', 'host', 'since'] as const).map((column) => (
            <th key={column} scope="col" className={cx(th, column === 'clients' && 'text-end')}>
              {t(`nodes.${column}`)}
            </th>
          ))}
        </TableHead>
        <tbody>
          {nodes.map((node) => (
            <Row key={node.id} node={node} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Row({ node }: { readonly node: NodeDto }) {
  const t = useText('overview');
  const { formatNumber } = useFormat();
  const { tone, Icon } = LOOKS[node.state];
  return (
    <tr className={tr}>
      <td className={cx(td, 'mono')}>{node.id}</td>
      <td className={td}>
        <Badge tone={tone} icon={<Icon aria-hidden />}>
          {t(`nodes.${node.state}`)}
        </Badge>
      </td>
      <td className={cx(td, 'nums text-end')}>
        {node.clientsOnline === null ? '—' : formatNumber(node.clientsOnline)}
      </td>
      <td className={cx(td, 'nums')}>{node.version}</td>
      <td className={cx(td, 'max-w-48 truncate')}>{node.host}</td>
      <td className={td}>
        <RelativeTime iso={node.startedAt} focusable />
      </td>
    </tr>
  );
}
