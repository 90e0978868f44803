'use client';

import { Trash2 } from 'lucide-react';
import { ErrorState, State } from '@/components/ui/states';
import { ApiError } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { attemptsResource, detailResource } from '@/lib/unauthorized/resources';
import { useResource } from '@/lib/use-resource';
import { CertificateFacts } from './certificate-facts';
import { ConnectionFacts } from './connection-facts';
import { DetailSkeleton } from './detail-skeleton';
import { LikelyCause } from './likely-cause';
import { HowToFix } from './how-to-fix';
import { RawJson } from './raw-json';
import { ReasonHead } from './reason-head';
import { Related } from './related';
import { HeadingLevel } from './section';
import { Signatures } from './signatures';
import { WatchButtons } from '../watch/watch-choices';
import { Timeline } from './timeline';
import { Trace } from './trace';

/** The stream may be off; the drawer follows the row by itself too. */
const REFRESH_MS = 5_000;

interface DetailProps {
  readonly id: string;
  /** Two columns, where the whole page is for one row. */
  readonly wide?: boolean;
}

/** Everything that is known about one row, most useful first. */
export function Detail({ id, wide = false }: DetailProps) {
  const t = useText('unauthorized');
  const { data, error, refetch } = useResource(detailResource(id), { refetchInterval: REFRESH_MS });
  const { data: attempts } = useResource(attemptsResource(id), { refetchInterval: REFRESH_MS });
  if (error instanceof ApiError && error.status === 404) {
    return (
      <State icon={<Trash2 aria-hidden />} title={t('drawer.gone')}>
        {t('drawer.goneText')}
      </State>
    );
  }
  if (data === undefined) {
    return error === null ? <DetailSkeleton /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return (
    <HeadingLevel value={wide ? 'h2' : 'h3'}>
      <div className={wide ? 'grid items-start gap-x-10 gap-y-6 lg:grid-cols-2' : 'flex flex-col gap-6'}>
        <div className="flex min-w-0 flex-col gap-6">
          <ReasonHead row={data} />
          <LikelyCause row={data} />
          <HowToFix row={data} />
          <Trace steps={data.trace ?? []} />
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <Timeline row={data} attempts={attempts?.items} />
          <WatchButtons row={data} />
          <ConnectionFacts row={data} />
          {data.certificate !== null && (
            <CertificateFacts certificate={data.certificate} chain={data.certificateChain} />
          )}
          <Signatures signatures={data.signatures} />
          <Related row={data} />
          <RawJson value={data} />
        </div>
      </div>
    </HeadingLevel>
  );
}
