'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { ClientText } from '@/components/ui/client-text';
import { ReasonChip } from '@/components/ui/reason-chip';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';
import { ResolvedMark } from '../resolved-mark';
import { Section } from './section';

interface SignaturesProps {
  readonly signatures: UnauthorizedClientDetailDto['signatures'];
}

/** Who tries under this ID, apart: a stranger does not hide the device. One alone says nothing new. */
export function Signatures({ signatures }: SignaturesProps) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  if (signatures.length < 2) return null;
  return (
    <Section title={t('drawer.signatures')} aside={t('signatures.hint')}>
      <div className="rounded-md border border-line">
        <Table label={t('drawer.signatures')}>
          <TableHead>
            {(['username', 'network', 'reason', 'attempts', 'last'] as const).map((name) => (
              <th key={name} scope="col" className={th}>
                {t(`signatures.${name}`)}
              </th>
            ))}
          </TableHead>
          <tbody>
            {signatures.map((one) => (
              <tr key={`${one.username ?? ''} ${one.network} ${one.reason} ${one.listener}`} className={tr}>
                <td className={td}>
                  <ClientText text={one.username} max={24} />
                </td>
                <td className={`${td} mono`}>{one.network}</td>
                <td className={td}>{one.resolved ? <ResolvedMark /> : <ReasonChip code={one.reason} />}</td>
                <td className={`${td} nums`}>{formatNumber(one.attempts)}</td>
                <td className={td}>
                  <RelativeTime iso={one.lastAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </Section>
  );
}
