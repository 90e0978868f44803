'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Dialog } from '@/components/ui/dialog';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { STALE } from './use-authentication-actions';

interface DeleteAuthenticatorProps {
  readonly one: AuthenticatorDto;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before one goes; says which chains keep it. Removing what is stored of `builtin` sets it back. */
export function DeleteAuthenticator({ one, onClose, onDeleted }: DeleteAuthenticatorProps) {
  const t = useText('authentication');
  const common = useText('common');
  const isBuiltin = one.name === 'builtin';
  const remove = useAction(
    (_none: undefined) => api.delete<unknown>(`/authenticators/${encodeURIComponent(one.name)}`),
    {
      stale: STALE,
      onDone: () => {
        showToast({ tone: 'good', text: t(isBuiltin ? 'toast.reset' : 'toast.deleted', { name: one.name }) });
        onClose();
        onDeleted();
      },
    },
  );
  if (one.chains.length > 0 && !isBuiltin) {
    return (
      <Dialog
        open
        size="sm"
        onClose={onClose}
        title={t('delete.inUseTitle', { name: one.name })}
        footer={
          <Button onClick={onClose} data-autofocus>
            {common('close')}
          </Button>
        }
      >
        {t('delete.inUse', { names: one.chains.join(', '), count: one.chains.length })}
      </Dialog>
    );
  }
  return (
    <Confirm
      open
      title={t(isBuiltin ? 'delete.resetTitle' : 'delete.title', { name: one.name })}
      confirmLabel={isBuiltin ? t('delete.reset') : common('delete')}
      cancelLabel={t('delete.keep')}
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined)}
    >
      {t(isBuiltin ? 'delete.resetText' : 'delete.text')}
    </Confirm>
  );
}
