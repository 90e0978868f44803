'use client';

import type { UserDto } from '@gatehouse/contract';
import { ShieldCheck, ShieldX } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { td } from '@/components/ui/table';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useAction } from '@/lib/use-action';

const Confirm = lazyPart(() => import('@/components/ui/confirm').then((module) => module.Confirm));

/** Whether somebody signs in with an authenticator app, and for owners the way out when it is lost. */
export function TotpCell({ user, mayReset }: { readonly user: UserDto; readonly mayReset: boolean }) {
  const t = useText('settings');
  const [asking, setAsking] = useState(false);
  if (!user.totp)
    return (
      <td className={td}>
        <span className="text-faint">{t('users.noTotp')}</span>
      </td>
    );
  return (
    <td className={td}>
      <span className="flex items-center gap-1">
        <Badge tone="accepted" icon={<ShieldCheck aria-hidden />}>
          {t('users.totpOn')}
        </Badge>
        {mayReset && (
          <IconButton label={t('users.resetTotp', { name: user.name })} onClick={() => setAsking(true)}>
            <ShieldX aria-hidden />
          </IconButton>
        )}
      </span>
      {asking && <ResetTotp user={user} onClose={() => setAsking(false)} />}
    </td>
  );
}

function ResetTotp({ user, onClose }: { readonly user: UserDto; readonly onClose: () => void }) {
  const t = useText('settings');
  const { name } = user;
  const reset = useAction(() => api.delete(`/users/${user.id}/totp`), {
    stale: ['/users'],
    onDone: () => {
      showToast({ tone: 'good', text: t('users.resetDone', { name }) });
      onClose();
    },
  });
  return (
    <Confirm
      open
      title={t('users.resetTitle', { name })}
      confirmLabel={t('users.resetConfirm')}
      busy={reset.isPending}
      onConfirm={() => reset.mutate(undefined)}
      onClose={onClose}
    >
      {t('users.resetText', { name })}
    </Confirm>
  );
}
