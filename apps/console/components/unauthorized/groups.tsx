'use client';

import { ShieldAlert } from 'lucide-react';
import Link from 'next/link';
import { BlockButton } from '@/components/blocked/block-button';
import { ClientText } from '@/components/ui/client-text';
import { ReasonChip } from '@/components/ui/reason-chip';
import { ErrorState, NothingMatches } from '@/components/ui/states';
import { ActionsHeader, actionsTd, Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useMay } from '@/lib/session';
import { groupPatch, incidentOf } from '@/lib/unauthorized/groups';
import { NOW_STEP_MS } from '@/lib/unauthorized/query';
import { groupsResource, type GroupDto } from '@/lib/unauthorized/resources';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import type { Grouping } from '@/lib/unauthorized/view';
import { useResource } from '@/lib/use-resource';
import { TableSkeleton } from './table/table-skeleton';

/** The refused clients by what they share; a click shows the clients of one group. */
export function Groups({ model }: { readonly model: RefusedModel }) {
  const t = useText('unauthorized');
  const { control, view } = model;
  const groups = useResource(groupsResource(view, useNow(NOW_STEP_MS)), { keepPrevious: true });
  if (groups.isError && groups.data === undefined) {
    return <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />;
  }
  if (groups.data === undefined) return <TableSkeleton />;
  if (groups.data.items.length === 0) return <NothingMatches onClear={control.clear} />;
  const isActedOn = view.group === 'network' || view.group === 'incident';
  const heads = [
    { text: t(`group.${view.group}`), end: false },
    { text: t('group.clients'), end: true },
    { text: t('group.open'), end: true },
    { text: t('group.attempts'), end: true },
    { text: t('column.firstAttemptAt'), end: false },
    { text: t('column.lastAttemptAt'), end: false },
  ];
  return (
    <div className="card overflow-hidden">
      <Table label={t(`group.by.${view.group}`)} busy={groups.isPlaceholderData}>
        <TableHead>
          {heads.map(({ text, end }) => (
            <th key={text} scope="col" className={cx(th, end && 'text-end')}>
              {text}
            </th>
          ))}
          {isActedOn && <ActionsHeader />}
        </TableHead>
        <tbody>
          {groups.data.items.map((group) => (
            <GroupRow key={group.value} group={group} control={control} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** One group; its name leads to its clients, and to the change of settings that set it off, if one did. */
function GroupRow({ group, control }: { readonly group: GroupDto; readonly control: ViewControl }) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const mayAudit = useMay('audit:read');
  const { view } = control;
  // An incident is ended by blocking whom somebody guesses from.
  const blockable = view.group === 'network' ? group.value : group.guessing;
  return (
    <tr className={tr}>
      <th scope="row" className={`${td} max-w-md text-start font-normal`}>
        <button
          type="button"
          className="flex max-w-full min-h-6 items-center text-start text-accent hover:underline"
          onClick={() => control.change({ group: null, ...groupPatch(view, group) })}
        >
          <GroupName by={view.group} group={group} />
        </button>
        {group.guessing !== null && (
          <p className="flex min-w-44 items-center gap-1.5 text-xs">
            <ShieldAlert aria-hidden className="size-3.5 shrink-0 text-ignored" />
            {view.group === 'network'
              ? t('group.guessing')
              : t('group.guessingFrom', { network: group.guessing })}
          </p>
        )}
        {group.auditId !== null && mayAudit && (
          <Link href={`/audit?open=${group.auditId}`} className="text-xs text-accent underline">
            {t('group.audit')}
          </Link>
        )}
      </th>
      <td className={`${td} nums text-end`}>{counted(group, formatNumber(group.clients))}</td>
      <td className={`${td} nums text-end`}>
        {group.open === 0 ? (
          <span className="text-accepted">{t('group.settled')}</span>
        ) : (
          counted(group, formatNumber(group.open))
        )}
      </td>
      <td className={`${td} nums text-end`}>{counted(group, formatNumber(group.attempts))}</td>
      <td className={td}>
        <RelativeTime iso={group.firstAttemptAt} />
      </td>
      <td className={td}>
        <RelativeTime iso={group.lastAttemptAt} />
      </td>
      {(view.group === 'network' || view.group === 'incident') && (
        <td className={actionsTd}>
          {group.blocked ? (
            <Link href="/blocked" className="inline-flex min-h-6 items-center text-muted underline">
              {t('group.blocked')}
            </Link>
          ) : (
            <BlockButton choices={blockable === null ? [] : [{ kind: 'cidr', value: blockable }]} />
          )}
        </td>
      )}
    </tr>
  );
}

/** A figure of a group, marked where it is a lower bound. */
const counted = ({ approximate }: GroupDto, count: string): string => `${approximate ? '≥ ' : ''}${count}`;

function GroupName({ by, group }: { readonly by: Grouping; readonly group: GroupDto }) {
  const t = useText('unauthorized');
  if (by === 'reason') return <ReasonChip code={group.value} />;
  if (by === 'incident') {
    const { reason } = incidentOf(group);
    return (
      <span className="flex min-w-0 flex-wrap items-center gap-x-2">
        <ReasonChip code={reason} />
        <span className="text-muted">
          {t('group.began')} <RelativeTime iso={group.firstAttemptAt} />
        </span>
      </span>
    );
  }
  return <ClientText text={group.value} />;
}
