'use client';

import { CloudAlert } from 'lucide-react';
import Link from 'next/link';
import { Notice } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { useText } from '@/lib/i18n';
import type { FailingAuthenticator } from './failing';

/** Authenticators that fail now: nobody whom they decide about gets in, or everybody goes on to the next. */
export function OutageNotice({ failing }: { readonly failing: readonly FailingAuthenticator[] }) {
  const t = useText('overview');
  return (
    <Notice tone="danger" icon={<CloudAlert aria-hidden className="text-refused" />}>
      <strong className="font-semibold">{t('outage.title', { count: failing.length })}</strong>
      <ul>
        {failing.map(({ name, type, lastError }) => (
          <li key={name} className="flex min-h-6 flex-wrap items-baseline gap-x-2">
            <Link
              href={`/authentication?open=${encodeURIComponent(name)}`}
              prefetch={false}
              className="inline-flex min-h-6 items-center font-medium underline"
            >
              <VisibleSentence text={name} />
            </Link>
            {type !== name && <span className="text-muted">{type}</span>}
            <span className="min-w-0 break-words">
              <VisibleSentence text={lastError.text} />
            </span>
            <RelativeTime iso={lastError.at} className="text-muted" />
          </li>
        ))}
      </ul>
    </Notice>
  );
}
