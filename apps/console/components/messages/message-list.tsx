'use client';

import { ArrowDownLeft, ArrowUpRight, Inbox, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { Card } from '@/components/ui/page';
import { State } from '@/components/ui/states';
import { useFormat, useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { MESSAGE_LOG, type LoggedMessage, type MessageLog } from '@/lib/message-log';
import { textOfStart } from '@/lib/payload';

const MessageDrawer = lazyPart(() => import('./message-drawer').then((module) => module.MessageDrawer));

/** Rows that are drawn; the rest is kept and counted. */
const ROWS_SHOWN_MAX = 100;
/** Bytes of a payload that a row looks at. */
const PREVIEW_BYTES = 256;

interface MessageListProps {
  readonly log: MessageLog;
  readonly isOnline: boolean;
  readonly onClear: () => void;
}

/** What came and went, newest first, bounded. */
export function MessageList({ log, isOnline, onClear }: MessageListProps) {
  const { formatNumber } = useFormat();
  const t = useText('messages');
  const [open, setOpen] = useState<LoggedMessage | null>(null);
  const { messages, forgotten } = log;
  return (
    <Card
      title={t('list.title')}
      actions={
        messages.length > 0 && (
          <>
            <span className="nums text-sm text-muted">
              {t('list.count', { count: formatNumber(messages.length + forgotten) })}
            </span>
            <Button size="sm" tone="quiet" icon={<Trash2 aria-hidden className="size-4" />} onClick={onClear}>
              {t('list.clear')}
            </Button>
          </>
        )
      }
    >
      {messages.length === 0 ? (
        <State icon={<Inbox aria-hidden />} title={t('list.empty')}>
          {t(isOnline ? 'list.emptyOnline' : 'list.emptyHint')}
        </State>
      ) : (
        <ol className="flex flex-col">
          {messages.slice(0, ROWS_SHOWN_MAX).map((message) => (
            <MessageRow key={message.id} message={message} onOpen={() => setOpen(message)} />
          ))}
        </ol>
      )}
      {(messages.length > ROWS_SHOWN_MAX || forgotten > 0) && (
        <p className="border-t border-line px-4 py-2 text-xs text-muted">
          {t('list.bounded', { shown: ROWS_SHOWN_MAX, kept: MESSAGE_LOG.messagesMax })}
        </p>
      )}
      {open !== null && <MessageDrawer message={open} onClose={() => setOpen(null)} />}
    </Card>
  );
}

interface MessageRowProps {
  readonly message: LoggedMessage;
  readonly onOpen: () => void;
}

function MessageRow({ message, onOpen }: MessageRowProps) {
  const { formatBytes } = useFormat();
  const t = useText('messages');
  const Direction = message.direction === 'in' ? ArrowDownLeft : ArrowUpRight;
  const start = message.payload.subarray(0, PREVIEW_BYTES);
  const text = textOfStart(start, start.length === message.payloadBytes);
  return (
    <li className="border-b border-line last:border-b-0">
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full flex-col gap-0.5 px-4 py-2 text-start hover:bg-hover"
      >
        <span className="flex w-full min-w-0 items-center gap-2 text-sm">
          <Direction aria-label={t(`list.${message.direction}`)} className="size-4 shrink-0 text-muted" />
          <span className="flex min-w-0 flex-1 font-medium">
            <ClientText text={message.topic} />
          </span>
          {message.retain && <Badge>{t('list.retained')}</Badge>}
          <span className="nums shrink-0 text-xs text-muted">{t('qos', { qos: message.qos })}</span>
        </span>
        <span className="flex w-full min-w-0 ps-6 text-sm text-muted">
          {text === null ? (
            <span className="italic">{t('list.binary', { size: formatBytes(message.payloadBytes) })}</span>
          ) : (
            <ClientText text={text} max={160} truncated={start.length < message.payloadBytes} />
          )}
        </span>
      </button>
    </li>
  );
}
