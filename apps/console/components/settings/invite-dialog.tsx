'use client';

import type { CreatedInvitationDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
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
  const [email, setEmail] = useState('');
  const [role, setRole] = useState(roleFrom('operator'));
  const body = { email, role };
  const save = useSave(() => api.post<CreatedInvitationDto>('/invitations', body), {
    stale: ['/invitations'],
    onDone: onMade,
  });
  const form = useForm('createInvitation', body, save);
  const { errorOf } = form;
  return (
    <FormDialog
      title={t('invitations.create')}
      submitLabel={t('invitations.make')}
      form={form}
      onClose={onClose}
    >
      <p className="text-muted">{t('invitations.hint')}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('invitations.email')} error={errorOf('email')}>
          {(ids) => (
            <Input
              {...ids}
              data-autofocus
              type="email"
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
      </div>
    </FormDialog>
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
