'use client';

import type { RetainedMessageDto } from '@gatehouse/contract';
import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { Dialog } from '@/components/ui/dialog';
import { Fact, Facts } from '@/components/ui/page';
import { ErrorState, Skeleton, State } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { problemOf } from '@/lib/api';
import { retainedMessageResource } from '@/lib/endpoints';
import { useFormat, useText } from '@/lib/i18n';
import { bytesOf } from '@/lib/payload';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';
import { DeleteRetained } from './delete-retained';
import { PayloadTabs } from './payload-view';
import { PropertiesFacts } from './properties-facts';

interface RetainedDrawerProps {
  readonly topic: string;
  readonly onClose: () => void;
}

/** One retained message: what it says, and where it came from. */
export function RetainedDrawer({ topic, onClose }: RetainedDrawerProps) {
  const t = useText('retained');
  const found = useResource(retainedMessageResource(topic));
  const isGone = found.isError && problemOf(found.error).status === 404;
  return (
    <Dialog open variant="drawer" size="md" onClose={onClose} title={<VisibleSentence text={topic} />}>
      {isGone ? (
        <State title={t('drawer.gone')} />
      ) : found.data !== undefined ? (
        <Detail message={found.data} onDeleted={onClose} />
      ) : found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Skeleton className="h-48 w-full" />
      )}
    </Dialog>
  );
}

interface DetailProps {
  readonly message: RetainedMessageDto;
  readonly onDeleted: () => void;
}

function Detail({ message, onDeleted }: DetailProps) {
  const t = useText('retained');
  const mayDelete = useMay('messages:delete');
  const [deleting, setDeleting] = useState(false);
  const bytes = useMemo(() => bytesOf(message.payload), [message.payload]);
  return (
    <div className="flex flex-col gap-5">
      {mayDelete && (
        <div>
          <Button
            size="sm"
            tone="danger"
            icon={<Trash2 aria-hidden className="size-4" />}
            onClick={() => setDeleting(true)}
          >
            {t('delete.action')}
          </Button>
        </div>
      )}
      <MessageFacts message={message} />
      <PayloadTabs bytes={bytes} isWhole={!message.truncated} />
      <PropertiesFacts properties={message.properties} />
      {deleting && (
        <DeleteRetained
          doomed={{ kind: 'topic', topic: message.topic }}
          onClose={() => setDeleting(false)}
          onDeleted={onDeleted}
        />
      )}
    </div>
  );
}

function MessageFacts({ message }: Pick<DetailProps, 'message'>) {
  const { formatBytes } = useFormat();
  const t = useText('retained');
  return (
    <Facts>
      <Fact label={t('publisher')}>
        {message.publisher === '' ? (
          t('server')
        ) : (
          <Link
            href={`/clients?open=${encodeURIComponent(message.publisher)}`}
            className="text-accent hover:underline"
          >
            <ClientText text={message.publisher} />
          </Link>
        )}
      </Fact>
      <Fact label={t('size')}>
        <span className="nums">{formatBytes(message.payloadBytes)}</span>
      </Fact>
      <Fact label={t('qos')}>{message.qos}</Fact>
      {message.updatedAt !== null && (
        <Fact label={t('updatedAt')}>
          <RelativeTime iso={message.updatedAt} focusable />
        </Fact>
      )}
      {message.expiresInSeconds !== null && (
        <Fact label={t('expires')}>{t('expiresIn', { count: message.expiresInSeconds })}</Fact>
      )}
    </Facts>
  );
}
