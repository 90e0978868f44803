'use client';

import { Lock } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { useText } from '@/lib/i18n';

/** Declared by the configuration file, which owns it: changed there. */
export function LockedBadge({ at }: { readonly at: string }) {
  const t = useText('authentication');
  return (
    <Badge icon={<Lock aria-hidden />} className="h-auto min-h-5 max-w-full whitespace-normal">
      <span className="min-w-0 break-words">{t('locked', { at })}</span>
    </Badge>
  );
}
