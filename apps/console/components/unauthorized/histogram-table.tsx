'use client';

import type { HistogramDto } from '@gatehouse/contract';
import { Dialog } from '@/components/ui/dialog';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { AbsoluteTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';
import { FAMILY_ORDER } from '@/lib/reasons';

/** The chart's numbers, for those who read rather than look. */
export function HistogramTable({
  data,
  onClose,
}: {
  readonly data: HistogramDto;
  readonly onClose: () => void;
}) {
  const t = useText('unauthorized');
  const filled = data.buckets.filter((bucket) => Object.values(bucket.counts).some((count) => count > 0));
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('histogram.label')}
      description={data.approximate ? t('approximate') : t('histogram.onlyFilled')}
      size="lg"
    >
      {filled.length === 0 ? (
        <p className="text-muted">{t('histogram.none')}</p>
      ) : (
        <FilledBuckets buckets={filled} />
      )}
    </Dialog>
  );
}

function FilledBuckets({ buckets }: Pick<HistogramDto, 'buckets'>) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const names = useText('reasons');
  const families = FAMILY_ORDER.filter((family) =>
    buckets.some((bucket) => (bucket.counts[family] ?? 0) > 0),
  );
  return (
    <Table label={t('histogram.label')}>
      <TableHead>
        <th scope="col" className={th}>
          {t('histogram.from')}
        </th>
        {families.map((family) => (
          <th key={family} scope="col" className={`${th} text-end`}>
            {names(`family.${family}`)}
          </th>
        ))}
      </TableHead>
      <tbody>
        {buckets.map((bucket) => (
          <tr key={bucket.at} className={tr}>
            <th scope="row" className={`${td} text-start font-normal`}>
              <AbsoluteTime iso={bucket.at} />
            </th>
            {families.map((family) => (
              <td key={family} className={`${td} nums text-end`}>
                {formatNumber(bucket.counts[family] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
