'use client';

import type { CredentialDto } from '@gatehouse/contract';
import { CircleCheck, CirclePause, Clock } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';

const STEP_MS = 10_000;

/** Whether a client with this credential gets in today. */
export function StatusBadge({
  credential,
}: {
  readonly credential: Pick<CredentialDto, 'enabled' | 'expiresAt'>;
}) {
  const t = useText('credentials');
  const now = useNow(STEP_MS);
  if (!credential.enabled) return <Badge icon={<CirclePause aria-hidden />}>{t('status.disabled')}</Badge>;
  if (credential.expiresAt !== null && Date.parse(credential.expiresAt) <= now) {
    return (
      <Badge tone="ignored" icon={<Clock aria-hidden />}>
        {t('status.expired')}
      </Badge>
    );
  }
  return (
    <Badge tone="accepted" icon={<CircleCheck aria-hidden />}>
      {t('status.enabled')}
    </Badge>
  );
}
