'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { BookOpen, CircleCheck } from 'lucide-react';
import { Notice } from '@/components/ui/states';
import { ReasonChip } from '@/components/ui/reason-chip';
import { RelativeTime } from '@/components/ui/time';
import { useText } from '@/lib/i18n';
import { Heading } from './section';

const hex = (code: number): string => `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;

/** The reason, its code, and how little of it the device was told. */
export function ReasonHead({ row }: { readonly row: UnauthorizedClientDetailDto }) {
  const t = useText('unauthorized');
  const isLink = /^https?:\/\//.test(row.docs) || row.docs.startsWith('/');
  return (
    <div className="flex flex-col gap-1.5">
      {row.state === 'resolved' && (
        <Notice icon={<CircleCheck aria-hidden className="text-accepted" />}>
          <span role="status" className="font-medium text-accepted">
            {t('drawer.resolved')}
          </span>{' '}
          {row.resolvedAt !== null && <RelativeTime iso={row.resolvedAt} className="text-muted" />}
        </Notice>
      )}
      <Heading className="text-lg font-semibold">
        <ReasonChip code={row.reason} />
      </Heading>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-muted">
        <code className="mono select-all">{row.reason}</code>
        <span aria-hidden>·</span>
        <span>
          {t('saw.label')}{' '}
          {row.connackCode === null ? (
            t('saw.nothing')
          ) : (
            <>
              <code className="mono">{hex(row.connackCode)}</code>{' '}
              {t.has(`saw.code.${row.connackCode}`) && t(`saw.code.${row.connackCode}`)}
            </>
          )}
        </span>
        {isLink && (
          <a
            href={row.docs}
            target="_blank"
            rel="noreferrer"
            className="inline-flex min-h-6 items-center gap-1 text-accent hover:underline"
          >
            <BookOpen aria-hidden className="size-3.5" />
            {t('drawer.docs')}
          </a>
        )}
      </p>
    </div>
  );
}
