'use client';

import type { ClientSessionDto } from '@gatehouse/contract';
import { ClientText } from '@/components/ui/client-text';
import { protocolName } from '@/components/ui/protocol-name';
import { SelectAllHead, SelectCell } from '@/components/ui/select-cells';
import { SkeletonRows } from '@/components/ui/states';
import { SortHeader, Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { CredentialLink } from './credential-link';
import { OnlineBadge } from './online-badge';
import { TlsVersion } from './tls-name';

const NAMED = ['username', 'credential', 'state', 'address', 'listener', 'tls', 'mqtt'] as const;
/** Where there is room for it: who has a username has a credential that goes by it. */
const WIDE = 'hidden min-[1640px]:table-cell';
/** Stands in the column's head. */
const MQTT = /^MQTT /;
const COUNTED = ['subscriptions', 'inflight', 'queued', 'dropped'] as const;

const SORTABLE: ReadonlySet<string> = new Set(['username', 'listener']);

interface ClientsTableProps {
  /** Undefined: not there yet. */
  readonly rows: readonly ClientSessionDto[] | undefined;
  readonly busy: boolean;
  /** There are several. */
  readonly withNode: boolean;
  readonly sort: string;
  /** Undefined: this person may do nothing with them. */
  readonly selected: ReadonlySet<string> | undefined;
  readonly onSort: (sort: string) => void;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onOpen: (clientId: string) => void;
}

export function ClientsTable(props: ClientsTableProps) {
  const { rows, busy, withNode, sort, selected, onSort, onSelect } = props;
  const t = useText('clients');
  return (
    <Table label={t('title')} busy={busy}>
      <TableHead>
        {selected !== undefined && (
          <SelectAllHead
            ids={rows?.map((row) => row.clientId) ?? []}
            selected={selected}
            onSelect={onSelect}
          />
        )}
        <SortHeader field="clientId" sort={sort} onSort={onSort}>
          {t('clientId')}
        </SortHeader>
        {NAMED.map((column) =>
          SORTABLE.has(column) ? (
            <SortHeader key={column} field={column} sort={sort} onSort={onSort}>
              {t(column)}
            </SortHeader>
          ) : (
            <th key={column} scope="col" className={cx(th, column === 'credential' && WIDE)}>
              {t(column)}
            </th>
          ),
        )}
        {withNode && (
          <th scope="col" className={th}>
            {t('node')}
          </th>
        )}
        {COUNTED.map((column) => (
          <SortHeader key={column} field={column} sort={sort} onSort={onSort} className="text-end">
            {t(column)}
          </SortHeader>
        ))}
        <th scope="col" className={th}>
          {t('since')}
        </th>
      </TableHead>
      <tbody>
        {rows === undefined ? (
          <SkeletonRows columns={NAMED.length + COUNTED.length + (withNode ? 2 : 1)} />
        ) : (
          rows.map((row) => <Row key={`${row.clientId}\0${row.node}`} row={row} {...props} />)
        )}
      </tbody>
    </Table>
  );
}

function Row({
  row,
  withNode,
  selected,
  onSelect,
  onOpen,
}: ClientsTableProps & { readonly row: ClientSessionDto }) {
  const { formatBytes } = useFormat();
  const since = row.online ? row.connectedAt : row.disconnectedAt;
  return (
    <tr className={tr} aria-selected={selected?.has(row.clientId) === true}>
      {selected !== undefined && (
        <SelectCell id={row.clientId} name={row.clientId} selected={selected} onSelect={onSelect} />
      )}
      <td className={cx(td, 'max-w-64')}>
        <button
          type="button"
          onClick={() => onOpen(row.clientId)}
          className="flex min-h-6 max-w-full items-center font-medium hover:underline"
        >
          <ClientText text={row.clientId} />
        </button>
      </td>
      <td className={cx(td, 'max-w-40')}>
        <span className="flex">
          <ClientText text={row.username} />
        </span>
      </td>
      <td className={cx(td, 'max-w-44', WIDE)}>
        <CredentialLink client={row} />
      </td>
      <td className={td}>
        <OnlineBadge online={row.online} />
      </td>
      <td className={cx(td, 'mono')}>{row.ip ?? '—'}</td>
      <td className={td}>{row.listener ?? '—'}</td>
      <td className={td}>
        <TlsVersion client={row} />
      </td>
      <td className={cx(td, 'nums')}>
        {row.protocol === null ? '—' : protocolName(row.protocol).replace(MQTT, '')}
      </td>
      {withNode && <td className={cx(td, 'max-w-40 truncate')}>{row.node}</td>}
      <Count value={row.subscriptions} />
      <Count value={row.inflight} />
      <Count value={row.queued} {...(row.queued > 0 ? { note: formatBytes(row.queuedBytes) } : {})} />
      <Count value={row.dropped} warns />
      <td className={td}>{since === null ? '—' : <RelativeTime iso={since} />}</td>
    </tr>
  );
}

interface CountProps {
  readonly value: number;
  readonly note?: string;
  /** More than none is worth a look. */
  readonly warns?: boolean;
}

function Count({ value, note, warns = false }: CountProps) {
  const { formatNumber } = useFormat();
  return (
    <td
      className={cx(
        td,
        'nums text-end whitespace-nowrap',
        value === 0 ? 'text-faint' : warns && 'text-refused',
      )}
    >
      {formatNumber(value)}
      {note !== undefined && <span className="ms-1 text-xs text-muted">{note}</span>}
    </td>
  );
}
