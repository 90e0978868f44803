'use client';

import { X } from 'lucide-react';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { useText } from '@/lib/i18n';
import type { Subscription } from './subscription';

interface HeardListProps {
  readonly heard: readonly Subscription[];
  readonly onRemove: (filter: string) => void;
}

/** The filters that the client listens to, each with what is not as usual about it. */
export function HeardList({ heard, onRemove }: HeardListProps) {
  const t = useText('messages');
  if (heard.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1">
      {heard.map((one) => (
        <li key={one.filter} className="flex items-center gap-2 text-sm">
          <span className="flex min-w-0 flex-1 flex-col">
            <ClientText text={one.filter} />
            <Extras subscription={one} />
          </span>
          <span className="nums text-muted">{t('qos', { qos: one.qos })}</span>
          <IconButton
            label={t('subscribe.remove', { filter: one.filter })}
            onClick={() => onRemove(one.filter)}
          >
            <X aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function Extras({ subscription }: { readonly subscription: Subscription }) {
  const t = useText('messages');
  const { noLocal, retainAsPublished, retainHandling, id } = subscription;
  const extras = [
    noLocal ? [t('subscribe.noLocal')] : [],
    retainAsPublished ? [t('subscribe.retainAsPublished')] : [],
    retainHandling === 0 ? [] : [t(`subscribe.retainShort.${String(retainHandling)}`)],
    id.trim() === '' ? [] : [t('subscribe.idShort', { id: id.trim() })],
  ].flat();
  return extras.length === 0 ? null : <span className="text-xs text-muted">{extras.join(' · ')}</span>;
}
