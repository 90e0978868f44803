'use client';

import type { UserDto } from '@gatehouse/contract';
import { CircleCheck, CirclePause } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Select } from '@/components/ui/field';
import { td, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { Switch } from '@/components/ui/toggle';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { usersResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay, useSession } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { RoleOptions } from './role-options';
import { roleFrom } from './roles';
import { SettingsList } from './settings-list';
import { TotpCell } from './totp-cell';

const CreateUserDialog = lazyPart(() =>
  import('./create-user-dialog').then((module) => module.CreateUserDialog),
);

const Invitations = lazyPart(() => import('./invitations').then((module) => module.Invitations));

const SignIn = lazyPart(() => import('./sign-in').then((module) => module.SignIn));

const COLUMNS = ['name', 'email', 'role', 'state', 'secondFactor', 'lastLogin', 'created'] as const;

/** Who may sign in, and what they may do. */
export function Users() {
  const mayWrite = useMay('users:write');
  const list = useResource(usersResource);
  const [creating, setCreating] = useState(false);
  return (
    <SettingsList
      area="users"
      columns={COLUMNS}
      list={list}
      {...(mayWrite ? { onCreate: () => setCreating(true) } : {})}
      row={(user) => <UserRow key={user.id} user={user} mayWrite={mayWrite} />}
    >
      <Invitations />
      <SignIn />
      {creating && <CreateUserDialog onClose={() => setCreating(false)} />}
    </SettingsList>
  );
}

function UserRow({ user, mayWrite }: { readonly user: UserDto; readonly mayWrite: boolean }) {
  const t = useText('settings');
  const common = useText('common');
  const self = useSession().user?.id === user.id;
  const update = useAction((change: UserChange) => api.patch<UserDto>(`/users/${user.id}`, change), {
    stale: ['/users'],
    onDone: (changed) => showToast({ tone: 'good', text: t('users.changed', { name: changed.name }) }),
  });
  const cell = {
    user,
    // Nobody locks themselves out by a slip.
    editable: mayWrite && !self,
    busy: update.isPending,
    onChange: (change: UserChange) => update.mutate(change),
  };
  return (
    <tr className={tr}>
      <td className={cx(td, 'font-medium')}>
        <bdi>{user.name}</bdi> {self && <Badge tone="accent">{t('users.you')}</Badge>}
      </td>
      <td className={td}>
        <bdi>{user.email}</bdi>
      </td>
      <RoleCell {...cell} />
      <StateCell {...cell} />
      <TotpCell user={user} mayReset={mayWrite && !self} />
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

type UserChange = Partial<Pick<UserDto, 'role' | 'enabled'>>;

interface UserCellProps {
  readonly user: UserDto;
  readonly editable: boolean;
  readonly busy: boolean;
  readonly onChange: (change: UserChange) => void;
}

function RoleCell({ user, editable, busy, onChange }: UserCellProps) {
  const t = useText('settings');
  const shell = useText('shell');
  if (!editable) return <td className={td}>{shell(`role.${user.role}`)}</td>;
  return (
    <td className={td}>
      <Select
        aria-label={t('users.roleOf', { name: user.name })}
        className="min-w-32"
        value={user.role}
        disabled={busy}
        onChange={(event) => onChange({ role: roleFrom(event.target.value) })}
      >
        <RoleOptions />
      </Select>
    </td>
  );
}

function StateCell({ user, editable, busy, onChange }: UserCellProps) {
  const t = useText('settings');
  return (
    <td className={td}>
      <span className="flex items-center gap-2">
        {editable && (
          <Switch
            checked={user.enabled}
            label={t('users.mayLogin', { name: user.name })}
            disabled={busy}
            onChange={(enabled) => onChange({ enabled })}
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
  );
}
