'use client';

import type { AuditEntryDto } from '@gatehouse/contract';
import { Bot, SquareTerminal, TerminalSquare, UserRound } from 'lucide-react';
import { ClientText } from '@/components/ui/client-text';
import { SkeletonRows } from '@/components/ui/states';
import { SortHeader, Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { wordsOf } from './actions';

const ACTOR_ICONS = { user: UserRound, 'api-key': SquareTerminal, cli: TerminalSquare, system: Bot } as const;
const COLUMNS = 5;

interface AuditTableProps {
  readonly rows: readonly AuditEntryDto[] | undefined;
  readonly busy: boolean;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onFilter: (name: 'action' | 'actor' | 'target', value: string) => void;
}

const filterButton = 'min-h-6 truncate rounded-sm text-start hover:underline';

export function AuditTable({ rows, busy, sort, onSort, onOpen, onFilter }: AuditTableProps) {
  const t = useText('audit');
  return (
    <Table label={t('title')} busy={busy}>
      <TableHead>
        <SortHeader field="at" sort={sort} onSort={onSort}>
          {t('at')}
        </SortHeader>
        {(['actor', 'action', 'target', 'ip'] as const).map((column) => (
          <th key={column} scope="col" className={th}>
            {t(column)}
          </th>
        ))}
      </TableHead>
      <tbody>
        {rows === undefined && <SkeletonRows columns={COLUMNS} />}
        {rows?.map((entry) => (
          <EntryRow key={entry.id} entry={entry} onOpen={onOpen} onFilter={onFilter} />
        ))}
      </tbody>
    </Table>
  );
}

type EntryRowProps = Pick<AuditTableProps, 'onOpen' | 'onFilter'> & { readonly entry: AuditEntryDto };

function EntryRow({ entry, onOpen, onFilter }: EntryRowProps) {
  const t = useText('audit');
  return (
    <tr
      className={cx(tr, 'cursor-pointer')}
      // For the mouse; the keyboard has the button. What is a filter stays one, and text that is marked opens nothing.
      onClick={({ target }) => {
        const isControl = target instanceof Element && target.closest('button') !== null;
        if (!isControl && window.getSelection()?.isCollapsed !== false) onOpen(entry.id);
      }}
    >
      <td className={td}>
        <button
          type="button"
          onClick={() => onOpen(entry.id)}
          className="min-h-6 font-medium hover:underline"
        >
          <RelativeTime iso={entry.at} />
          <span className="sr-only"> {t('open', { action: entry.action })}</span>
        </button>
      </td>
      <ActorCell actor={entry.actor} onFilter={onFilter} />
      <td className={td}>
        <button
          type="button"
          data-tip={t('only')}
          onClick={() => onFilter('action', entry.action)}
          className={cx(filterButton, 'flex max-w-full flex-wrap items-baseline gap-x-2')}
        >
          {wordsOf(t, entry.action)}
          <span translate="no" className="mono text-xs text-faint">
            {entry.action}
          </span>
        </button>
      </td>
      <td className={cx(td, 'max-w-72')}>
        {entry.target !== null && <TargetButton target={entry.target} onFilter={onFilter} />}
      </td>
      <td className={cx(td, 'mono text-muted')}>{entry.ip === '' ? '—' : entry.ip}</td>
    </tr>
  );
}

type ActorCellProps = Pick<AuditTableProps, 'onFilter'> & Pick<AuditEntryDto, 'actor'>;

function ActorCell({ actor, onFilter }: ActorCellProps) {
  const t = useText('audit');
  const Icon = ACTOR_ICONS[actor.kind];
  return (
    <td className={cx(td, 'max-w-48')}>
      <span className="flex min-w-0 items-center gap-1.5">
        <Icon aria-label={t(`kind.${actor.kind}`)} className="size-3.5 shrink-0 text-faint" />
        <button
          type="button"
          data-tip={t('only')}
          onClick={() => onFilter('actor', actor.id)}
          className={filterButton}
        >
          <VisibleSentence text={actor.name} />
        </button>
      </span>
    </td>
  );
}

type TargetButtonProps = Pick<AuditTableProps, 'onFilter'> & {
  readonly target: NonNullable<AuditEntryDto['target']>;
};

function TargetButton({ target, onFilter }: TargetButtonProps) {
  const t = useText('audit');
  return (
    <button
      type="button"
      data-tip={t('only')}
      onClick={() => onFilter('target', `${target.kind}:${target.id}`)}
      className={cx(filterButton, 'flex max-w-full items-center gap-1.5')}
    >
      <span translate="no" className="text-muted">
        {target.kind}
      </span>
      <ClientText text={target.name} />
    </button>
  );
}
