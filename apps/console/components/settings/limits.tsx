'use client';

import type { LimitDto } from '@gatehouse/contract';
import { Gauge } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Page, PageHeader } from '@/components/ui/page';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { cx } from '@/lib/cx';
import { limitsResource } from '@/lib/endpoints';
import type { Format } from '@/lib/format';
import { type Text, useFormat, useText } from '@/lib/i18n';
import { useResource } from '@/lib/use-resource';

const REFRESH_MS = 10_000;
const NAMED = ['limit', 'what'] as const;
const COUNTED = ['value', 'default', 'met'] as const;

interface LimitWords {
  readonly label: string;
  readonly text: string;
}

export interface LimitsProps {
  /** What each limit is called and what it bounds, in the page's language, by its name. */
  readonly words: Readonly<Record<string, LimitWords>>;
}

/** Every bound of the broker, and which of them somebody runs into. */
export function Limits({ words }: LimitsProps) {
  const t = useText('settings');
  const list = useResource(limitsResource, { refetchInterval: REFRESH_MS });
  return (
    <Page>
      <PageHeader title={t('limits.title')} description={t('limits.subtitle')} guide="limits" />
      <section className="card min-w-0 overflow-hidden">
        {list.isError && list.data === undefined ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <Table label={t('limits.title')}>
            <TableHead>
              {NAMED.map((column) => (
                <th key={column} scope="col" className={th}>
                  {t(`limits.${column}`)}
                </th>
              ))}
              {COUNTED.map((column) => (
                <th key={column} scope="col" className={cx(th, 'text-end')}>
                  {t(`limits.${column}`)}
                </th>
              ))}
            </TableHead>
            <tbody>
              {list.data?.items.map((item) => (
                <Row key={item.name} item={item} words={words[item.name]} />
              )) ?? <SkeletonRows columns={NAMED.length + COUNTED.length} />}
            </tbody>
          </Table>
        )}
      </section>
      {list.data !== undefined && (
        <p className="text-xs text-muted">
          {t('limits.since')} <RelativeTime iso={list.data.since} focusable />. {t('limits.change')}
        </p>
      )}
    </Page>
  );
}

interface RowProps {
  readonly item: LimitDto;
  /** Undefined for a limit of a server that is newer than this page: then it describes itself, in English. */
  readonly words: LimitWords | undefined;
}

function Row({ item, words }: RowProps) {
  const format = useFormat();
  const t = useText('settings');
  const isChanged = item.value !== item.default;
  return (
    <tr className={tr}>
      <th scope="row" className={cx(td, 'text-start')}>
        {words !== undefined && <span className="block min-w-44 font-medium">{words.label}</span>}
        <span className="mono text-xs font-normal text-muted">{item.name}</span>
      </th>
      <td lang={words === undefined ? 'en' : undefined} className={cx(td, 'min-w-64 text-muted')}>
        {words?.text ?? item.text}
      </td>
      <td className={cx(td, 'nums text-end whitespace-nowrap')}>
        {isChanged && <Badge className="me-1.5">{t('limits.changed')}</Badge>}
        {withUnit(item.value, item.unit, t, format)}
      </td>
      <td className={cx(td, 'nums text-end whitespace-nowrap text-muted')}>
        {withUnit(item.default, item.unit, t, format)}
      </td>
      <td className={cx(td, 'nums text-end', item.met === 0 && 'text-faint')}>
        {item.met === 0 ? (
          '0'
        ) : (
          <Badge tone="ignored" icon={<Gauge aria-hidden />}>
            {format.formatNumber(item.met)}
          </Badge>
        )}
      </td>
    </tr>
  );
}

function withUnit(value: number, unit: LimitDto['unit'], t: Text, format: Format): string {
  const { formatBytes, formatMs, formatNumber } = format;
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'milliseconds':
      return formatMs(value);
    case 'seconds':
      return `${formatNumber(value)} s`;
    case 'perSecond':
      return t('limits.perSecond', { count: formatNumber(value) });
    case 'count':
      return formatNumber(value);
  }
}
