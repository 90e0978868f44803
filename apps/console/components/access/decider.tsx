'use client';

import type { AccessAnswerDto } from '@gatehouse/contract';
import { ClientText } from '@/components/ui/client-text';
import { useText } from '@/lib/i18n';

/** What decided, and by which rule. */
export function Decider({ by, rule }: Pick<AccessAnswerDto, 'by' | 'rule'>) {
  const t = useText('access');
  return (
    <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-1.5">
      <span>{t(`by.${by}`)}</span>
      {rule !== null && (
        <code className="mono min-w-0 rounded-sm bg-sunken px-1">
          <ClientText text={rule.topic} />
        </code>
      )}
    </span>
  );
}
