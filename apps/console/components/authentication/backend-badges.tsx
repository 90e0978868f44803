'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { CircleCheck, CircleDashed, CircleX, Clock } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { authenticatorStatusResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useResource } from '@/lib/use-resource';

const REFRESH_MS = 5_000;
/** Types that ask nobody else. */
const WITHOUT_BACKEND: ReadonlySet<string> = new Set(['builtin', 'x509', 'scram', 'psk']);

const BACKEND = {
  unasked: ['neutral', CircleDashed],
  closed: ['accepted', CircleCheck],
  trying: ['ignored', Clock],
  open: ['refused', CircleX],
} as const;

/** How the backend behind an authenticator is just now, where it has one. */
export function BackendBadges({ one }: { readonly one: AuthenticatorDto }) {
  const t = useText('authentication');
  const status = useResource(authenticatorStatusResource(one.name), {
    refetchInterval: REFRESH_MS,
    enabled: !WITHOUT_BACKEND.has(one.type),
  });
  const backend = status.data?.backend ?? null;
  if (backend === null) return null;
  const stats = status.data?.stats ?? null;
  const isAsked = stats !== null && stats.allow + stats.deny + stats.ignore + stats.error > 0;
  const state = backend.breaker === 'closed' && !isAsked ? 'unasked' : backend.breaker;
  const [tone, Icon] = BACKEND[state];
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
      <Badge tone={tone} icon={<Icon aria-hidden />}>
        {t(`backend.${state}`)}
      </Badge>
      {backend.pool !== null && (
        <span className="nums">{t('backend.pool', { open: backend.pool.open, max: backend.pool.max })}</span>
      )}
      {backend.waiting > 0 && (
        <span className="nums">{t('backend.waiting', { count: backend.waiting })}</span>
      )}
    </span>
  );
}
