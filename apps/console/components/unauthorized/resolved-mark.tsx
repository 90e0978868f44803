'use client';

import { CircleCheck } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { useText } from '@/lib/i18n';

/** The client got in since: the row stays as evidence. */
export function ResolvedMark() {
  const t = useText('unauthorized');
  return (
    <Badge tone="accepted" icon={<CircleCheck aria-hidden />} className="animate-fade-in">
      {t('state.resolved')}
    </Badge>
  );
}
