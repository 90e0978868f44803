'use client';

import type { AlertDto } from '@gatehouse/contract';
import { BellRing, BellOff, CircleCheck } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { ClientText } from '@/components/ui/client-text';
import { ListSection } from '@/components/ui/list-section';
import { ReasonChip } from '@/components/ui/reason-chip';
import { State } from '@/components/ui/states';
import { Table, TableHead, TableRows, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { alertsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useResource } from '@/lib/use-resource';
import { behind, conditionWords } from './words';

const REFRESH_MS = 5_000;
const COLUMNS = ['state', 'what', 'rule', 'since', 'until', 'told'] as const;
/** Reasons or networks that a row names. */
const NAMED_MAX = 3;

/** Alerts, newest first; each leads to the clients behind it. */
export function History() {
  const t = useText('alerts');
  const [cursor, setCursor] = useState<string | null>(null);
  const list = useResource(alertsResource({ cursor }), { refetchInterval: REFRESH_MS, keepPrevious: true });
  return (
    <section aria-labelledby="alert-history" className="flex flex-col gap-3">
      <h2 id="alert-history" className="text-lg font-semibold">
        {t('history')}
      </h2>
      <ListSection
        list={list}
        onCursor={setCursor}
        empty={
          <State icon={<CircleCheck aria-hidden />} title={t('quiet')}>
            {t('quietHint')}
          </State>
        }
      >
        <Table label={t('history')} busy={list.isPlaceholderData}>
          <TableHead>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className={th}>
                {t(column)}
              </th>
            ))}
          </TableHead>
          <TableRows rows={list.data?.items} columns={COLUMNS.length}>
            {(alert) => <Row key={alert.id} alert={alert} />}
          </TableRows>
        </Table>
      </ListSection>
    </section>
  );
}

function Row({ alert }: { readonly alert: AlertDto }) {
  const t = useText('alerts');
  return (
    <tr className={tr}>
      <td className={td}>
        <AlertState alert={alert} />
      </td>
      <td className={cx(td, 'min-w-56')}>
        <Link
          href={behind(alert)}
          prefetch={false}
          aria-label={t('behind', { name: alert.ruleName })}
          className="hover:underline"
        >
          {conditionWords(t, alert.condition, alert.items.length > 0 ? undefined : alert.peak)}
          {alert.subject !== '' && <> · {alert.subject}</>}
        </Link>
        <Items alert={alert} />
      </td>
      <td className={cx(td, 'max-w-48 truncate')}>
        <VisibleSentence text={alert.ruleName} />
      </td>
      <td className={td}>
        <RelativeTime iso={alert.firedAt} />
      </td>
      <td className={td}>
        {alert.resolvedAt === null ? (
          <span className="text-muted">{t('goesOn')}</span>
        ) : (
          <RelativeTime iso={alert.resolvedAt} />
        )}
      </td>
      <td className={cx(td, 'nums whitespace-nowrap')}>{t('toldTimes', { count: alert.notifications })}</td>
    </tr>
  );
}

function AlertState({ alert }: { readonly alert: AlertDto }) {
  const t = useText('alerts');
  const isFiring = alert.state === 'firing';
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge
        tone={isFiring ? 'refused' : 'neutral'}
        icon={isFiring ? <BellRing aria-hidden /> : <CircleCheck aria-hidden />}
      >
        {t(alert.state)}
      </Badge>
      {alert.silenced && <Badge icon={<BellOff aria-hidden />}>{t('silenced')}</Badge>}
    </span>
  );
}

/** The reasons or networks that it is about; they are the server's words, not a client's. */
function Items({ alert: { condition, items, itemsTotal } }: { readonly alert: AlertDto }) {
  if (items.length === 0) return null;
  const more = itemsTotal - Math.min(items.length, NAMED_MAX);
  return (
    <span className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
      {items.slice(0, NAMED_MAX).map(({ value }) =>
        condition.kind === 'newReason' ? (
          <ReasonChip key={value} code={value} />
        ) : (
          <span key={value} className="mono">
            <ClientText text={value} />
          </span>
        ),
      )}
      {more > 0 && <span className="nums">+{more}</span>}
    </span>
  );
}
