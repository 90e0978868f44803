'use client';

import { PlugZap, Unplug } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { useText } from '@/lib/i18n';

export function OnlineBadge({ online }: { readonly online: boolean }) {
  const t = useText('clients');
  return online ? (
    <Badge tone="accepted" icon={<PlugZap aria-hidden />}>
      {t('online')}
    </Badge>
  ) : (
    <Badge icon={<Unplug aria-hidden />}>{t('offline')}</Badge>
  );
}
