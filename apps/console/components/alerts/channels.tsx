'use client';

import type { AlertChannelDto, AlertTestResultDto } from '@gatehouse/contract';
import { CircleAlert, Mail, Pencil, Plus, Radio, Send, Webhook } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { State } from '@/components/ui/states';
import { actionsTd, td, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { alertChannelsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { RemoveButton } from './remove-button';
import { SetupSection } from './setup-section';
import { STALE } from './words';

const ChannelDialog = lazyPart(() => import('./channel-dialog').then((module) => module.ChannelDialog));

const REFRESH_MS = 10_000;
const COLUMNS = ['name', 'to', 'health'] as const;
const ICONS = { webhook: Webhook, email: Mail, mqtt: Radio } as const;

/** Where alerts go, and how that went. */
export function Channels() {
  const t = useText('alerts');
  const mayWrite = useMay('alerts:write');
  /** The one that is changed; null: a new one. Undefined: none. */
  const [open, setOpen] = useState<AlertChannelDto | null | undefined>(undefined);
  const list = useResource(alertChannelsResource, { refetchInterval: REFRESH_MS });
  const add = mayWrite && (
    <Button icon={<Plus aria-hidden className="size-4" />} onClick={() => setOpen(null)}>
      {t('newChannel')}
    </Button>
  );
  return (
    <SetupSection
      id="alert-channels"
      title={t('channels')}
      columns={COLUMNS}
      list={list}
      actions={add}
      empty={
        <State icon={<Send aria-hidden />} title={t('noChannels')} actions={add}>
          {t('noChannelsHint')}
        </State>
      }
      row={(channel) => <Row key={channel.id} channel={channel} onEdit={mayWrite ? setOpen : undefined} />}
    >
      {open !== undefined && <ChannelDialog channel={open} onClose={() => setOpen(undefined)} />}
    </SetupSection>
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

interface RowProps {
  readonly channel: AlertChannelDto;
  /** Absent: whoever looks may not change it. */
  readonly onEdit: ((channel: AlertChannelDto) => void) | undefined;
}

function Row({ channel, onEdit }: RowProps) {
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
      <td className={actionsTd}>
        {onEdit !== undefined && <RowActions channel={channel} onEdit={onEdit} />}
      </td>
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

interface RowActionsProps {
  readonly channel: AlertChannelDto;
  readonly onEdit: (channel: AlertChannelDto) => void;
}

function RowActions({ channel, onEdit }: RowActionsProps) {
  const t = useText('alerts');
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
  return (
    <span className="inline-flex items-center">
      <IconButton
        label={t('test', { name })}
        disabled={test.isPending}
        onClick={() => test.mutate(undefined)}
      >
        <Send aria-hidden />
      </IconButton>
      <IconButton label={t('editRow', { name })} onClick={() => onEdit(channel)}>
        <Pencil aria-hidden />
      </IconButton>
      <RemoveButton name={name} path={`/alert-channels/${id}`} hint={t('removeChannel')} />
    </span>
  );
}
