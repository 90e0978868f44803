'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { ClientText } from '@/components/ui/client-text';
import { ReasonChip } from '@/components/ui/reason-chip';
import { RelativeTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';
import type { ColumnId } from '@/lib/unauthorized/columns';
import { ClientId } from '../client-id';
import { Flag } from '../flag';
import { ProtocolName, protocolName } from '@/components/ui/protocol-name';
import { ResolvedMark } from '../resolved-mark';

interface CellProps {
  readonly id: ColumnId;
  readonly row: UnauthorizedClientDto;
  readonly onOpen: () => void;
}

/** What one column says of a row. */
export function Cell({ id, row, onOpen }: CellProps) {
  const { formatNumber } = useFormat();
  switch (id) {
    case 'lastAttemptAt':
    case 'firstAttemptAt':
      return <RelativeTime iso={row[id]} focusable className="text-muted" />;
    case 'clientId':
      return <ClientIdCell row={row} onOpen={onOpen} />;
    case 'username':
      return <ClientText text={row.username} />;
    case 'passwordProvided':
    case 'tlsUsed':
      return <Flag value={row[id]} />;
    case 'ip':
      return <IpCell row={row} />;
    case 'reason':
      return row.state === 'resolved' ? (
        <ResolvedMark />
      ) : (
        <ReasonChip code={row.reason} className="max-w-full align-middle" />
      );
    case 'attempts':
      return formatNumber(row.attempts);
    case 'listener':
      return row.listener;
    case 'protocol':
      return row.protocol === null ? <ProtocolName protocol={null} /> : protocolName(row.protocol);
  }
}

/** The row's name is its button: what Enter presses and where the arrow keys put the focus. */
function ClientIdCell({ row, onOpen }: Omit<CellProps, 'id'>) {
  const t = useText('unauthorized');
  return (
    <button
      type="button"
      data-open-row={row.id}
      aria-haspopup="dialog"
      onClick={(event) => {
        event.stopPropagation();
        onOpen();
      }}
      className="flex h-6 max-w-full min-w-0 items-center rounded-sm text-start hover:underline"
    >
      <ClientId clientId={row.clientId} truncated={row.clientIdTruncated} />
      <span className="sr-only">{`: ${t('row.showReason')}`}</span>
    </button>
  );
}

/** The latest address, and that there were others. */
function IpCell({ row }: Pick<CellProps, 'row'>) {
  const more = row.ips.length - 1;
  if (more <= 0) return row.ip;
  return (
    <span className="flex min-w-0 items-baseline gap-1">
      <span className="truncate">{row.ip}</span>
      <span className="nums text-2xs text-faint" data-tip={row.ips.join(', ')}>
        +{more}
      </span>
    </span>
  );
}
