'use client';

import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import type { RefusalSeries } from './refusal-series';

/** The chart in numbers, newest first; steps in which nothing happened are left out. */
export function DecisionsTable({ shown }: { readonly shown: RefusalSeries }) {
  const { formatDayMinute, formatNumber } = useFormat();
  const t = useText('overview');
  const rows = shown.times
    .map((time, index) => ({ time, values: shown.series.map((one) => one.values[index] ?? 0) }))
    .filter((row) => row.values.some((value) => value > 0))
    .reverse();
  return (
    <div className="max-h-56 overflow-y-auto">
      <Table label={t('decisions.title')}>
        <TableHead>
          <th scope="col" className={th}>
            {t('decisions.time')}
          </th>
          {shown.series.map((one) => (
            <th key={one.key} scope="col" className={cx(th, 'text-end')}>
              {one.label}
            </th>
          ))}
        </TableHead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.time} className={tr}>
              <td className={cx(td, 'nums')} suppressHydrationWarning>
                {formatDayMinute(row.time)}
              </td>
              {row.values.map((value, index) => (
                <td key={shown.series[index]?.key} className={cx(td, 'nums text-end')}>
                  {formatNumber(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
