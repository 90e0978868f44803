'use client';

import type { CredentialDto } from '@gatehouse/contract';
import { Confirm } from '@/components/ui/confirm';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { useText } from '@/lib/i18n';
import { useCredentialActions } from './use-credential-actions';

interface DeleteCredentialsProps {
  readonly targets: readonly Pick<CredentialDto, 'id' | 'name' | 'liveSessions'>[];
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Names what goes, and who is connected with it right now. */
export function DeleteCredentials({ targets, onClose, onDeleted }: DeleteCredentialsProps) {
  const t = useText('credentials');
  const common = useText('common');
  const { remove } = useCredentialActions();
  const live = targets.reduce((sum, target) => sum + target.liveSessions, 0);
  return (
    <Confirm
      open
      title={
        <VisibleSentence text={t('delete.title', { count: targets.length, name: targets[0]?.name ?? '' })} />
      }
      confirmLabel={targets.length === 1 ? common('delete') : t('delete.confirm', { count: targets.length })}
      cancelLabel={t('delete.keep')}
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => {
        remove.mutate(
          targets.map((target) => target.id),
          {
            onSuccess: () => {
              onClose();
              onDeleted();
            },
          },
        );
      }}
    >
      <p>{t('delete.text', { count: targets.length })}</p>
      {live > 0 && <p className="mt-2 text-refused">{t('delete.live', { count: live })}</p>}
    </Confirm>
  );
}
