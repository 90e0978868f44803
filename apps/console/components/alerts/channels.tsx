'use client';

import type { AlertChannelDto, AlertTestResultDto } from '@gatehouse/contract';
import { CircleAlert, Mail, Plus, Radio, Send, Trash2, Webhook } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { ErrorState, State } from '@/components/ui/states';
import { ActionsHeader, Table, TableHead, TableRows, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { alertChannelsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { STALE } from './words';

const ChannelDialog = dynamic(() => import('./channel-dialog').then((module) => module.ChannelDialog), {
  ssr: false,
});

const REFRESH_MS = 10_000;
const COLUMNS = ['name', 'to', 'health'] as const;
const ICONS = { webhook: Webhook, email: Mail, mqtt: Radio } as const;

/** Where alerts go, and how that went. */
export function Channels() {
  const t = useText('alerts');
  const mayWrite = useMay('alerts:write');
  const [adding, setAdding] = useState(false);
  const list = useResource(alertChannelsResource, { refetchInterval: REFRESH_MS });
  const items = list.data?.items;
  const add = mayWrite && (
    <Button icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(true)}>
      {t('newChannel')}
    </Button>
  );
  return (
    <section aria-labelledby="alert-channels" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <h2 id="alert-channels" className="text-lg font-semibold">
          {t('channels')}
        </h2>
        {items !== undefined && items.length > 0 && add}
      </div>
      <div className="card min-w-0 overflow-hidden">
        {list.isError && items === undefined ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : items?.length === 0 ? (
          <State icon={<Send aria-hidden />} title={t('noChannels')} actions={add}>
            {t('noChannelsHint')}
          </State>
        ) : (
          <Table label={t('channels')}>
            <TableHead>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className={th}>
                  {t(column)}
                </th>
              ))}
              <ActionsHeader />
            </TableHead>
            <TableRows rows={items} columns={COLUMNS.length + 1}>
              {(channel) => <Row key={channel.id} channel={channel} mayWrite={mayWrite} />}
            </TableRows>
          </Table>
        )}
      </div>
      {adding && <ChannelDialog onClose={() => setAdding(false)} />}
    </section>
  );
}

const targetText = ({ target }: AlertChannelDto): string => {
  switch (target.kind) {
    case 'webhook':
      return target.origin;
    case 'email':
      return target.to.join(', ');
    case 'mqtt':
      return '$SYS/gatehouse/alerts/';
  }
};

function Row({ channel, mayWrite }: { readonly channel: AlertChannelDto; readonly mayWrite: boolean }) {
  const t = useText('alerts');
  const Icon = ICONS[channel.target.kind];
  return (
    <tr className={tr}>
      <td className={cx(td, 'max-w-64 truncate font-medium')}>
        <VisibleSentence text={channel.name} />
      </td>
      <td className={td}>
        <span className="flex items-center gap-2">
          <Badge icon={<Icon aria-hidden />}>{t(`channelKinds.${channel.target.kind}`)}</Badge>
          <span className="mono">{targetText(channel)}</span>
        </span>
      </td>
      <td className={td}>
        <Health channel={channel} />
      </td>
      <td className={cx(td, 'text-end whitespace-nowrap')}>{mayWrite && <RowActions channel={channel} />}</td>
    </tr>
  );
}

function Health({ channel: { health } }: { readonly channel: AlertChannelDto }) {
  const t = useText('alerts');
  const { delivered, waiting, gaveUp, dropped, failuresInARow, lastFailure, lastFailedAt } = health;
  const counts = [
    delivered > 0 ? t('delivered', { count: delivered }) : '',
    waiting > 0 ? t('waiting', { count: waiting }) : '',
    gaveUp > 0 ? t('gaveUp', { count: gaveUp }) : '',
    dropped > 0 ? t('noRoom', { count: dropped }) : '',
  ].filter((text) => text !== '');
  return (
    <span className="flex flex-col">
      <span className="flex items-center gap-2">
        {failuresInARow > 0 && (
          <Badge tone="refused" icon={<CircleAlert aria-hidden />}>
            {t('failing')}
          </Badge>
        )}
        <span className="nums">{counts.length === 0 ? t('neverUsed') : counts.join(' · ')}</span>
      </span>
      {failuresInARow > 0 && lastFailure !== null && lastFailedAt !== null && (
        <span className="text-xs text-muted">
          <RelativeTime iso={lastFailedAt} /> · <VisibleSentence text={lastFailure} />
        </span>
      )}
    </span>
  );
}

function RowActions({ channel }: { readonly channel: AlertChannelDto }) {
  const t = useText('alerts');
  const common = useText('common');
  const [asking, setAsking] = useState(false);
  const { id, name } = channel;
  const test = useAction(() => api.post<AlertTestResultDto>(`/alert-channels/${id}/test`), {
    stale: STALE,
    onDone: ({ ok, failure }) =>
      showToast({
        tone: ok ? 'good' : 'bad',
        text: t(ok ? 'testGood' : 'testBad', { name }),
        ...(failure === null ? {} : { detail: failure }),
      }),
  });
  const remove = useAction(() => api.delete(`/alert-channels/${id}`), {
    stale: STALE,
    onDone: () => showToast({ tone: 'good', text: t('removed') }),
  });
  return (
    <span className="inline-flex items-center">
      <IconButton
        label={t('test', { name })}
        disabled={test.isPending}
        onClick={() => test.mutate(undefined)}
      >
        <Send aria-hidden />
      </IconButton>
      <IconButton label={t('removeRow', { name })} onClick={() => setAsking(true)}>
        <Trash2 aria-hidden />
      </IconButton>
      <Confirm
        open={asking}
        title={t('removeTitle', { name })}
        confirmLabel={common('delete')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        {t('removeChannel')}
      </Confirm>
    </span>
  );
}
