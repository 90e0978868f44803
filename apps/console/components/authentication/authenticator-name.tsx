'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { CirclePause, TriangleAlert } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { useText } from '@/lib/i18n';
import { LockedBadge } from './locked-badge';

interface AuthenticatorNameProps {
  readonly name: string;
  readonly one: AuthenticatorDto | undefined;
  readonly onOpen: (name: string) => void;
}

/** Its name, which opens it, its type, and what keeps it from working. */
export function AuthenticatorName({ name, one, onOpen }: AuthenticatorNameProps) {
  const t = useText('authentication');
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <button
          type="button"
          className="mono min-h-6 text-start font-medium break-all text-accent hover:underline"
          onClick={() => onOpen(name)}
        >
          {name}
        </button>
        {one !== undefined && one.type !== name && <Badge>{one.type}</Badge>}
        {one?.enabled === false && <Badge icon={<CirclePause aria-hidden />}>{t('step.off')}</Badge>}
        {one !== undefined && one.declaredAt !== null && <LockedBadge at={one.declaredAt} />}
      </span>
      {one !== undefined && one.problem !== null && (
        <span className="flex items-start gap-1.5 text-xs text-refused">
          <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0">
            {t('step.problem')} <VisibleSentence text={one.problem} />
          </span>
        </span>
      )}
    </>
  );
}
