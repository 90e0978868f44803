'use client';

import { ListFilter } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { buttonClass } from '@/components/ui/button-class';
import { Notice } from '@/components/ui/states';
import { denialsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';

const REFRESH_MS = 15_000;

/** What clients that were let in may not do and tried, beside those that are refused; nothing while there is none. */
export const Denied = memo(function Denied() {
  return useMay('access:read') ? <Summary /> : null;
});

function Summary() {
  const t = useText('unauthorized');
  const { data } = useResource(denialsResource({ limit: 1 }), { refetchInterval: REFRESH_MS });
  if (data === undefined || data.total === 0) return null;
  return (
    <Notice
      icon={<ListFilter aria-hidden className="text-muted" />}
      actions={
        <Link href="/access#denials" className={buttonClass('neutral', 'sm')}>
          {t('denied.show')}
        </Link>
      }
    >
      {t('denied.summary', { count: data.total })}
    </Notice>
  );
}
