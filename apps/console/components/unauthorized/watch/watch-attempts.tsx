'use client';

import type { WatchDto, WatchEntryDto } from '@gatehouse/contract';
import { ClientText } from '@/components/ui/client-text';
import { OutcomeBadge, type Outcome } from '@/components/ui/outcome';
import { ReasonChip } from '@/components/ui/reason-chip';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { AbsoluteTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';
import { useWatched } from '@/lib/unauthorized/use-watched';
import { ClientId } from '../client-id';
import { ProtocolName } from '@/components/ui/protocol-name';
import { ConnectBytes } from './connect-bytes';

const OUTCOMES = { accepted: 'allow', refused: 'deny', busy: 'busy' } as const satisfies Readonly<
  Record<WatchEntryDto['outcome'], Outcome>
>;

/** Every attempt of one watch, none folded into another, newest first. */
export function WatchAttempts({ watch }: { readonly watch: WatchDto }) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const { data, error, refetch } = useWatched(watch.id);
  if (data === undefined) {
    return error === null ? (
      <Skeleton className="h-16 w-full" />
    ) : (
      <ErrorState error={error} onRetry={() => void refetch()} />
    );
  }
  const { attempts } = data;
  const { forgotten } = data.watch;
  return (
    <section aria-label={t('watch.seen')} className="flex min-w-0 flex-col gap-2">
      <p role="status" className="nums text-sm text-muted">
        {attempts.length === 0
          ? t(data.watch.running ? 'watch.waiting' : 'watch.sawNothing')
          : t('watch.attempts', { count: attempts.length, shown: formatNumber(attempts.length) })}
        {forgotten > 0 && ` · ${t('watch.forgotten', { shown: formatNumber(forgotten) })}`}
      </p>
      {attempts.length > 0 && (
        <ol reversed className="divide-y divide-line rounded-md border border-line">
          {attempts.map((attempt) => (
            <Attempt key={attempt.sequence} attempt={attempt} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Attempt({ attempt }: { readonly attempt: WatchEntryDto }) {
  return (
    <li className="flex flex-col gap-1 px-3 py-2 text-sm [contain-intrinsic-size:auto_84px] [content-visibility:auto]">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <OutcomeBadge outcome={OUTCOMES[attempt.outcome]} />
        {attempt.reason !== null && <ReasonChip code={attempt.reason} />}
        <AbsoluteTime iso={attempt.at} className="ms-auto text-xs text-muted" />
      </div>
      <AttemptFacts attempt={attempt} />
      {attempt.connectHex !== null && <ConnectBytes hex={attempt.connectHex} bytes={attempt.connectBytes} />}
    </li>
  );
}

/** What the CONNECT carried and where it came from, on one line where there is room. */
function AttemptFacts({ attempt }: { readonly attempt: WatchEntryDto }) {
  const t = useText('unauthorized');
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs [&_dt]:text-muted [&>div]:flex [&>div]:min-w-0 [&>div]:gap-1.5">
      <div>
        <dt>{t('column.clientId')}</dt>
        <dd className="flex min-w-0">
          <ClientId clientId={attempt.clientId} />
        </dd>
      </div>
      <div>
        <dt>{t('column.username')}</dt>
        <dd className="flex min-w-0">
          <ClientText text={attempt.username} />
        </dd>
      </div>
      <div>
        <dt>{t('column.ip')}</dt>
        <dd className="mono">
          {attempt.ip.includes(':') ? `[${attempt.ip}]` : attempt.ip}:{attempt.port}
        </dd>
      </div>
      <div>
        <dt>{t('column.protocol')}</dt>
        <dd>
          <ProtocolName protocol={attempt.protocol} />
        </dd>
      </div>
      <div>
        <dt>{t('column.listener')}</dt>
        <dd className="mono">{attempt.listener}</dd>
      </div>
      <div>
        <dt>{t('facts.ref')}</dt>
        <dd className="mono select-all">{attempt.ref}</dd>
      </div>
    </dl>
  );
}
