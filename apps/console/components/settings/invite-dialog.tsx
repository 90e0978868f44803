'use client';

import type { CreatedInvitationDto } from '@gatehouse/contract';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { RoleOptions } from './role-options';
import { roleFrom } from './roles';

/** Makes an invitation, then shows its link this once. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const [made, setMade] = useState<CreatedInvitationDto | null>(null);
  if (made !== null) return <MadeDialog invitation={made} onClose={onClose} />;
  return <InviteForm onMade={setMade} onClose={onClose} />;
}

interface InviteFormProps {
  readonly onMade: (invitation: CreatedInvitationDto) => void;
  readonly onClose: () => void;
}

function InviteForm({ onMade, onClose }: InviteFormProps) {
  const t = useText('settings');
  const common = useText('common');
  const form = useId();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState(roleFrom('operator'));
  const invite = useAction(() => api.post<CreatedInvitationDto>('/invitations', { email, role }), {
    stale: ['/invitations'],
    toastProblems: false,
    onDone: onMade,
  });
  const problem = invite.error === null ? null : problemOf(invite.error);
  const errorOf = fieldErrors(problem);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('invitations.create')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form={form} tone="primary" busy={invite.isPending}>
            {t('invitations.make')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate(undefined);
        }}
      >
        <p className="text-muted sm:col-span-2">{t('invitations.hint')}</p>
        <div className="empty:hidden sm:col-span-2">
          <ProblemNotice problem={problem} />
        </div>
        <Field label={t('invitations.email')} error={errorOf('email')}>
          {(ids) => (
            <Input
              {...ids}
              data-autofocus
              type="email"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('invitations.role')} hint={t(`users.roleHint.${role}`)}>
          {(ids) => (
            <Select {...ids} value={role} onChange={(event) => setRole(roleFrom(event.target.value))}>
              <RoleOptions />
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}

interface MadeDialogProps {
  readonly invitation: CreatedInvitationDto;
  readonly onClose: () => void;
}

/** The token stands after `#`, which browsers send to nobody. */
function MadeDialog({ invitation, onClose }: MadeDialogProps) {
  const t = useText('settings');
  return (
    <Dialog
      open
      sticky
      onClose={onClose}
      title={t('invitations.madeTitle', { email: invitation.email })}
      footer={
        <Button tone="primary" onClick={onClose}>
          {t('invitations.kept')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <p>{t('invitations.once')}</p>
        <CodeBlock
          code={`${window.location.origin}/invite#${invitation.token}`}
          label={t('invitations.madeTitle', { email: invitation.email })}
        />
      </div>
    </Dialog>
  );
}
