'use client';

import { BellRing } from 'lucide-react';
import Link from 'next/link';
import { behind, conditionWords } from '@/components/alerts/words';
import { Notice } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { alertsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';

const REFRESH_MS = 5_000;
const SHOWN_MAX = 5;

/** What fires now, above everything else; each leads to what is behind it. */
export function FiringAlerts() {
  const t = useText('alerts');
  const { data } = useResource(alertsResource({ firing: true, limit: SHOWN_MAX }), {
    refetchInterval: REFRESH_MS,
    enabled: useMay('alerts:read'),
  });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Notice
      tone="danger"
      icon={<BellRing aria-hidden className="text-refused" />}
      actions={
        <Link href="/alerts" className="inline-flex min-h-6 items-center whitespace-nowrap hover:underline">
          {t('overview.all')}
        </Link>
      }
    >
      <strong className="font-semibold">{t('overview.firing', { count: data.total })}</strong>
      <ul>
        {data.items.map((alert) => (
          <li key={alert.id} className="min-h-6">
            <Link href={behind(alert)} prefetch={false} className="hover:underline">
              <VisibleSentence text={alert.ruleName} /> ·{' '}
              {conditionWords(t, alert.condition, alert.items.length > 0 ? undefined : alert.peak)}
              {alert.subject !== '' && <> · {alert.subject}</>}
            </Link>{' '}
            <span className="text-muted">
              <RelativeTime iso={alert.firedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
