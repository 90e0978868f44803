'use client';

import type { CredentialDto } from '@gatehouse/contract';
import { Crown } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { ClientText } from '@/components/ui/client-text';
import { SelectAllHead, SelectCell } from '@/components/ui/select-cells';
import { SortHeader, Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { SkeletonRows } from '@/components/ui/states';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { StatusBadge } from './status-badge';
import { proofText } from './typed-draft';

const COLUMNS = 9;
const TAGS_SHOWN_MAX = 3;

interface CredentialsTableProps {
  /** Undefined: not there yet. */
  readonly rows: readonly CredentialDto[] | undefined;
  readonly busy: boolean;
  readonly sort: string;
  readonly selected: ReadonlySet<string>;
  readonly onSort: (sort: string) => void;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onOpen: (id: string) => void;
  readonly onTag: (tag: string) => void;
}

export function CredentialsTable(props: CredentialsTableProps) {
  const { rows, busy } = props;
  const t = useText('credentials');
  return (
    <Table label={t('title')} busy={busy}>
      <Head {...props} />
      <tbody>
        {rows === undefined ? (
          <SkeletonRows columns={COLUMNS + 1} />
        ) : (
          rows.map((row) => <Row key={row.id} row={row} {...props} />)
        )}
      </tbody>
    </Table>
  );
}

function Head({ rows, sort, selected, onSort, onSelect }: CredentialsTableProps) {
  const t = useText('credentials');
  return (
    <TableHead>
      <SelectAllHead ids={rows?.map((row) => row.id) ?? []} selected={selected} onSelect={onSelect} />
      <SortHeader field="name" sort={sort} onSort={onSort}>
        {t('name')}
      </SortHeader>
      <th scope="col" className={th}>
        {t('type')}
      </th>
      <SortHeader field="username" sort={sort} onSort={onSort}>
        {t('usernameOrProof')}
      </SortHeader>
      <SortHeader field="clientId" sort={sort} onSort={onSort}>
        {t('clientId')}
      </SortHeader>
      <th scope="col" className={th}>
        {t('state')}
      </th>
      <th scope="col" className={cx(th, 'text-end')}>
        {t('live')}
      </th>
      <SortHeader field="lastUsedAt" sort={sort} onSort={onSort}>
        {t('lastUsed')}
      </SortHeader>
      <SortHeader field="expiresAt" sort={sort} onSort={onSort}>
        {t('expires')}
      </SortHeader>
      <SortHeader field="createdAt" sort={sort} onSort={onSort}>
        {t('created')}
      </SortHeader>
    </TableHead>
  );
}

function Row({
  row,
  selected,
  onSelect,
  onOpen,
  onTag,
}: CredentialsTableProps & { readonly row: CredentialDto }) {
  const { formatNumber } = useFormat();
  const t = useText('credentials');
  return (
    <tr className={tr} aria-selected={selected.has(row.id)}>
      <SelectCell id={row.id} name={row.name} selected={selected} onSelect={onSelect} />
      <NameCell row={row} onOpen={onOpen} onTag={onTag} />
      <td className={td}>{t(`typesShort.${row.type}`)}</td>
      <td className={cx(td, 'max-w-44')}>
        <span className="flex">
          <ClientText text={row.username ?? proofText(row)} />
        </span>
      </td>
      <td className={cx(td, 'max-w-44')}>
        <span className="flex">
          <ClientText text={row.clientId} />
        </span>
      </td>
      <td className={td}>
        <StatusBadge credential={row} />
      </td>
      <td className={cx(td, 'nums text-end', row.liveSessions === 0 && 'text-faint')}>
        {formatNumber(row.liveSessions)}
      </td>
      <TimeCell iso={row.lastUsedAt} />
      <TimeCell iso={row.expiresAt} />
      <td className={td}>
        <RelativeTime iso={row.createdAt} />
      </td>
    </tr>
  );
}

type NameCellProps = Pick<CredentialsTableProps, 'onOpen' | 'onTag'> & { readonly row: CredentialDto };

/** The name opens the credential; what marks it stands beside. */
function NameCell({ row, onOpen, onTag }: NameCellProps) {
  const t = useText('credentials');
  return (
    <td className={cx(td, 'max-w-64')}>
      <span className="flex min-w-0 items-center gap-1.5">
        <button
          type="button"
          onClick={() => onOpen(row.id)}
          className="min-h-6 truncate font-medium hover:underline"
        >
          <VisibleSentence text={row.name} />
        </button>
        {row.superuser && (
          <Badge icon={<Crown aria-hidden />} className="shrink-0">
            {t('superuserShort')}
          </Badge>
        )}
        {row.tags.slice(0, TAGS_SHOWN_MAX).map((tag) => (
          <button
            key={tag}
            type="button"
            data-tip={t('filterTag', { tag })}
            onClick={() => onTag(tag)}
            className="h-6 max-w-24 shrink-0 truncate rounded-sm border border-line px-1 text-2xs text-muted hover:border-line-strong"
          >
            {tag}
          </button>
        ))}
      </span>
    </td>
  );
}

function TimeCell({ iso }: { readonly iso: string | null }) {
  const common = useText('common');
  return (
    <td className={td}>
      {iso === null ? <span className="text-faint">{common('never')}</span> : <RelativeTime iso={iso} />}
    </td>
  );
}
