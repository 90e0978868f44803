'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { AbsoluteTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';
import { detailResource } from '@/lib/unauthorized/resources';
import { useResource } from '@/lib/use-resource';
import { ClientId } from '../client-id';

interface DrawerTitleProps {
  readonly id: string;
  /** The row as the table knows it, if it is on this page. */
  readonly row: UnauthorizedClientDto | undefined;
}

/** "pump-7", and "refused 214 times since …". */
export function DrawerTitle({ id, row }: DrawerTitleProps) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const { data } = useResource(detailResource(id));
  const known = data ?? row;
  if (known === undefined) return t('drawer.title');
  return (
    <>
      <span className="flex min-w-0">
        <ClientId clientId={known.clientId} truncated={known.clientIdTruncated} />
      </span>
      <span className="nums block text-sm font-normal text-muted">
        {t('drawer.times', { count: known.attempts, shown: formatNumber(known.attempts) })}{' '}
        <AbsoluteTime iso={known.firstAttemptAt} />
      </span>
    </>
  );
}
