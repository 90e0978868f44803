'use client';

import type { AccountDto, RecoveryCodesDto } from '@gatehouse/contract';
import { CircleCheck, ShieldOff } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/page';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useAction } from '@/lib/use-action';

const EnrolDialog = lazyPart(() => import('./enrol-dialog').then((module) => module.EnrolDialog));
const CodesDialog = lazyPart(() => import('./codes-dialog').then((module) => module.CodesDialog));
const Confirm = lazyPart(() => import('@/components/ui/confirm').then((module) => module.Confirm));

/** Below this, new recovery codes are suggested. */
const CODES_FEW = 3;

type Open =
  { readonly what: 'enrol' | 'remove' } | { readonly what: 'codes'; readonly codes: readonly string[] };

/** The authenticator app and its recovery codes. */
export function SecondFactorCard({ account }: { readonly account: AccountDto }) {
  const t = useText('account');
  const { enrolled } = account.secondFactor;
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  return (
    <Card
      title={t('totp.title')}
      actions={
        enrolled ? (
          <Badge tone="accepted" icon={<CircleCheck aria-hidden />}>
            {t('totp.on')}
          </Badge>
        ) : (
          <Badge icon={<ShieldOff aria-hidden />}>{t('totp.off')}</Badge>
        )
      }
    >
      {enrolled ? (
        <Enrolled account={account} onOpen={setOpen} />
      ) : (
        <div className="flex flex-col items-start gap-3 p-4">
          <p className="max-w-prose text-muted">{t('totp.why')}</p>
          <Button tone="primary" onClick={() => setOpen({ what: 'enrol' })}>
            {t('totp.setUp')}
          </Button>
        </div>
      )}
      {open?.what === 'enrol' && <EnrolDialog onClose={close} />}
      {open?.what === 'codes' && <CodesDialog codes={open.codes} onClose={close} />}
      {open?.what === 'remove' && <RemoveTotp onClose={close} />}
    </Card>
  );
}

interface EnrolledProps {
  readonly account: AccountDto;
  readonly onOpen: (open: Open) => void;
}

function Enrolled({ account: { secondFactor }, onOpen }: EnrolledProps) {
  const t = useText('account');
  const replace = useAction(() => api.post<RecoveryCodesDto>('/account/recovery-codes'), {
    stale: ['/account'],
    onDone: ({ recoveryCodes }) => onOpen({ what: 'codes', codes: recoveryCodes }),
  });
  const { recoveryCodesLeft: left, required } = secondFactor;
  return (
    <div className="flex flex-col items-start gap-3 p-4">
      <p className="text-muted">
        {t('totp.left', { count: left })} {left < CODES_FEW && t('totp.few')}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button busy={replace.isPending} onClick={() => replace.mutate(undefined)}>
          {t('totp.newCodes')}
        </Button>
        <Button onClick={() => onOpen({ what: 'enrol' })}>{t('totp.another')}</Button>
        {!required && (
          <Button tone="danger" onClick={() => onOpen({ what: 'remove' })}>
            {t('totp.remove')}
          </Button>
        )}
      </div>
      {required && <p className="text-sm text-muted">{t('totp.required')}</p>}
    </div>
  );
}

function RemoveTotp({ onClose }: { readonly onClose: () => void }) {
  const t = useText('account');
  const remove = useAction(() => api.delete('/account/totp'), {
    stale: ['/account', '/users'],
    onDone: () => {
      showToast({ tone: 'good', text: t('totp.removed') });
      onClose();
    },
  });
  return (
    <Confirm
      open
      title={t('totp.removeTitle')}
      confirmLabel={t('totp.remove')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      {t('totp.removeText')}
    </Confirm>
  );
}
