'use client';

import type { DenialDto, DenialsPageDto } from '@gatehouse/contract';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { Confirm } from '@/components/ui/confirm';
import { ListSection } from '@/components/ui/list-section';
import { SkeletonRows, State } from '@/components/ui/states';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { denialsResource } from '@/lib/endpoints';
import { useFormat, useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { Decider } from './decider';

const REFRESH_MS = 5_000;
const COLUMNS = ['last', 'client', 'username', 'what', 'topic', 'deniedBy', 'times'] as const;

/** What clients that were let in may not do and tried, the last first. */
export function Denials({ mayClear }: { readonly mayClear: boolean }) {
  const t = useText('access');
  const [asking, setAsking] = useState(false);
  const [cursor, setCursor] = useState<string | null>(null);
  const list = useResource(denialsResource(cursor === null ? {} : { cursor }), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const clear = useAction(() => api.delete('/denials'), {
    stale: ['/denials'],
    onDone: () => {
      setAsking(false);
      setCursor(null);
      showToast({ tone: 'good', text: t('denials.cleared') });
    },
  });
  const items = list.data?.items;
  return (
    <section id="denials" aria-labelledby="denials-title" className="flex scroll-mt-16 flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <div>
          <h2 id="denials-title" className="text-lg font-semibold">
            {t('denials.title')}
          </h2>
          <p className="text-muted">{t('denials.subtitle')}</p>
          {list.data !== undefined && <Totals page={list.data} />}
        </div>
        {mayClear && items !== undefined && items.length > 0 && (
          <Button onClick={() => setAsking(true)}>{t('denials.clear')}</Button>
        )}
      </div>
      <ListSection
        list={list}
        onCursor={setCursor}
        empty={
          <State icon={<CircleCheck aria-hidden />} title={t('denials.none')}>
            {t('denials.noneHint')}
          </State>
        }
      >
        <DenialTable rows={items} />
      </ListSection>
      <Confirm
        open={asking}
        title={t('denials.clearTitle')}
        confirmLabel={t('denials.clear')}
        busy={clear.isPending}
        onConfirm={() => clear.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        {t('denials.clearBody')}
      </Confirm>
    </section>
  );
}

/** Since when denials are counted, how many there are, and how many of those cannot be listed. */
function Totals({ page: { since, count, aggregated } }: { readonly page: DenialsPageDto }) {
  const { formatAbsolute, formatNumber } = useFormat();
  const t = useText('access');
  if (since === null) return null;
  return (
    <p className="nums text-sm text-muted" suppressHydrationWarning>
      {t('denials.since', { since: formatAbsolute(since), count, shownCount: formatNumber(count) })}
      {aggregated > 0 && (
        <> {t('denials.aggregated', { aggregated, shownAggregated: formatNumber(aggregated) })}</>
      )}
    </p>
  );
}

function DenialTable({ rows }: { readonly rows: readonly DenialDto[] | undefined }) {
  const t = useText('access');
  return (
    <Table label={t('denials.title')}>
      <TableHead>
        {COLUMNS.map((column) => (
          <th key={column} scope="col" className={cx(th, column === 'times' && 'text-end')}>
            {t(`denials.columns.${column}`)}
          </th>
        ))}
      </TableHead>
      <tbody>
        {rows === undefined ? (
          <SkeletonRows rows={3} columns={COLUMNS.length} />
        ) : (
          rows.map((row) => <Row key={row.id} row={row} />)
        )}
      </tbody>
    </Table>
  );
}

function Row({ row }: { readonly row: DenialDto }) {
  const { formatNumber } = useFormat();
  const t = useText('access');
  return (
    <tr className={tr}>
      <td className={td}>
        <RelativeTime iso={row.lastAt} />
      </td>
      <td className={cx(td, 'mono max-w-56')}>
        <ClientText text={row.clientId} />
      </td>
      <td className={cx(td, 'mono max-w-48')}>
        {row.username === null ? <span className="text-faint">—</span> : <ClientText text={row.username} />}
      </td>
      <td className={td}>{t(`actionNames.${row.action}`)}</td>
      <td className={cx(td, 'mono max-w-72')}>
        <ClientText text={row.topic} />
      </td>
      <td className={cx(td, 'min-w-60')}>
        <Decider by={row.by} rule={row.rule} />
      </td>
      <td className={cx(td, 'nums text-end')}>{formatNumber(row.count)}</td>
    </tr>
  );
}
