'use client';

import type { UserDto } from '@gatehouse/contract';
import { CircleCheck, CirclePause, Plus } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/field';
import { Page, PageHeader } from '@/components/ui/page';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { Switch } from '@/components/ui/toggle';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { usersResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay, useSession } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { CreateUserDialog } from './create-user-dialog';
import { roleFrom, ROLES } from './roles';

const COLUMNS = ['name', 'email', 'role', 'state', 'lastLogin', 'created'] as const;

/** Who may sign in, and what they may do. */
export function Users() {
  const t = useText('settings');
  const mayWrite = useMay('users:write');
  const list = useResource(usersResource);
  const [creating, setCreating] = useState(false);
  return (
    <Page>
      <PageHeader
        title={t('users.title')}
        description={t('users.subtitle')}
        actions={
          mayWrite && (
            <Button
              tone="primary"
              icon={<Plus aria-hidden className="size-4" />}
              onClick={() => setCreating(true)}
            >
              {t('users.create')}
            </Button>
          )
        }
      />
      <section className="card min-w-0 overflow-hidden">
        {list.isError && list.data === undefined ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <Table label={t('users.title')}>
            <TableHead>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className={th}>
                  {t(`users.${column}`)}
                </th>
              ))}
            </TableHead>
            <tbody>
              {list.data === undefined ? (
                <SkeletonRows columns={COLUMNS.length} rows={3} />
              ) : (
                list.data.items.map((user) => <UserRow key={user.id} user={user} mayWrite={mayWrite} />)
              )}
            </tbody>
          </Table>
        )}
      </section>
      {creating && <CreateUserDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}

function UserRow({ user, mayWrite }: { readonly user: UserDto; readonly mayWrite: boolean }) {
  const t = useText('settings');
  const shell = useText('shell');
  const common = useText('common');
  const self = useSession().user?.id === user.id;
  const update = useAction(
    (change: Partial<Pick<UserDto, 'role' | 'enabled'>>) => api.patch<UserDto>(`/users/${user.id}`, change),
    {
      stale: ['/users'],
      onDone: (changed) => showToast({ tone: 'good', text: t('users.changed', { name: changed.name }) }),
    },
  );
  // Nobody locks themselves out by a slip.
  const editable = mayWrite && !self;
  return (
    <tr className={tr}>
      <td className={cx(td, 'font-medium')}>
        {user.name} {self && <Badge tone="accent">{t('users.you')}</Badge>}
      </td>
      <td className={td}>{user.email}</td>
      <td className={td}>
        {editable ? (
          <Select
            aria-label={t('users.roleOf', { name: user.name })}
            value={user.role}
            disabled={update.isPending}
            onChange={(event) => update.mutate({ role: roleFrom(event.target.value) })}
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {shell(`role.${role}`)}
              </option>
            ))}
          </Select>
        ) : (
          shell(`role.${user.role}`)
        )}
      </td>
      <td className={td}>
        <span className="flex items-center gap-2">
          {editable && (
            <Switch
              checked={user.enabled}
              label={t('users.mayLogin', { name: user.name })}
              disabled={update.isPending}
              onChange={(enabled) => update.mutate({ enabled })}
            />
          )}
          {user.enabled ? (
            <Badge tone="accepted" icon={<CircleCheck aria-hidden />}>
              {t('users.enabled')}
            </Badge>
          ) : (
            <Badge icon={<CirclePause aria-hidden />}>{t('users.disabled')}</Badge>
          )}
        </span>
      </td>
      <td className={td}>
        {user.lastLoginAt === null ? (
          <span className="text-faint">{common('never')}</span>
        ) : (
          <RelativeTime iso={user.lastLoginAt} />
        )}
      </td>
      <td className={td}>
        <RelativeTime iso={user.createdAt} />
      </td>
    </tr>
  );
}
