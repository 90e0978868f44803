'use client';

import type { InvitationDto } from '@gatehouse/contract';
import { Trash2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { Card } from '@/components/ui/page';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { invitationsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';

const InviteDialog = lazyPart(() => import('./invite-dialog').then((module) => module.InviteDialog));

const COLUMNS = ['email', 'role', 'by', 'expires'] as const;

/** Who is invited and has not come yet. */
export function Invitations() {
  const t = useText('settings');
  const mayWrite = useMay('users:write');
  const list = useResource(invitationsResource);
  const [inviting, setInviting] = useState(false);
  const items = list.data?.items ?? [];
  return (
    <Card
      title={t('invitations.title')}
      className="overflow-hidden"
      actions={
        mayWrite && (
          <Button
            size="sm"
            icon={<UserPlus aria-hidden className="size-4" />}
            onClick={() => setInviting(true)}
          >
            {t('invitations.invite')}
          </Button>
        )
      }
    >
      {items.length === 0 ? (
        <p className="p-4 text-muted">{t('invitations.none')}</p>
      ) : (
        <Table label={t('invitations.title')}>
          <TableHead>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className={th}>
                {t(`invitations.${column}`)}
              </th>
            ))}
            <th scope="col" className={th}>
              <span className="sr-only">{t('actions')}</span>
            </th>
          </TableHead>
          <tbody>
            {items.map((invitation) => (
              <InvitationRow key={invitation.id} invitation={invitation} mayWrite={mayWrite} />
            ))}
          </tbody>
        </Table>
      )}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Card>
  );
}

interface InvitationRowProps {
  readonly invitation: InvitationDto;
  readonly mayWrite: boolean;
}

function InvitationRow({ invitation, mayWrite }: InvitationRowProps) {
  const t = useText('settings');
  const shell = useText('shell');
  const { id, email, role } = invitation;
  const takeBack = useAction(() => api.delete(`/invitations/${id}`), {
    stale: ['/invitations'],
    onDone: () => showToast({ tone: 'good', text: t('invitations.takenBack', { email }) }),
  });
  return (
    <tr className={tr}>
      <td className={cx(td, 'font-medium')}>{email}</td>
      <td className={td}>
        <Badge>{shell(`role.${role}`)}</Badge>
      </td>
      <td className={td}>{invitation.createdBy}</td>
      <td className={td}>
        <RelativeTime iso={invitation.expiresAt} />
      </td>
      <td className={cx(td, 'text-end')}>
        {mayWrite && (
          <IconButton
            label={t('invitations.takeBack', { email })}
            disabled={takeBack.isPending}
            onClick={() => takeBack.mutate(undefined)}
          >
            <Trash2 aria-hidden />
          </IconButton>
        )}
      </td>
    </tr>
  );
}
