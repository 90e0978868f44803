'use client';

import type { TryResultDto } from '@gatehouse/contract';
import { CircleCheck, CircleX, Clock, Plus } from 'lucide-react';
import Link from 'next/link';
import { buttonClass } from '@/components/ui/button';
import { DetailList } from '@/components/ui/detail-list';
import { OutcomeBadge } from '@/components/ui/outcome';
import { Fact, Facts } from '@/components/ui/page';
import { ReasonChip } from '@/components/ui/reason-chip';
import { Notice } from '@/components/ui/states';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { apiUrl } from '@/lib/api';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';

const LOOK = {
  allow: { icon: CircleCheck, tone: 'bg-accepted-soft text-accepted' },
  deny: { icon: CircleX, tone: 'bg-refused-soft text-refused' },
  busy: { icon: Clock, tone: 'bg-ignored-soft text-ignored' },
} as const;

interface TryResultProps {
  readonly result: TryResultDto;
  readonly protocol: number;
  readonly username: string | null;
  readonly clientId: string;
}

/** Refusals that a new credential would cure; for others there is one already, or it would not help. */
const CURED_BY_CREATING: ReadonlySet<string> = new Set([
  'BASIC_NO_CREDENTIALS',
  'ANONYMOUS_DENIED',
  'ANONYMOUS_QUICK_DENIED',
  'CHAIN_EXHAUSTED',
]);

/** The verdict in one line, then each step of the chain. */
export function TryResult({ result, protocol, username, clientId }: TryResultProps) {
  const t = useText('tester');
  const code = `0x${result.connackCode.toString(16).toUpperCase().padStart(2, '0')}`;
  return (
    <div className="flex flex-col gap-5 p-4">
      <Verdict result={result} />
      <Near statements={result.statements} />
      <section>
        <h3 className="mb-2 font-semibold">{t('trace')}</h3>
        <TraceSteps trace={result.trace} />
      </section>
      <Facts>
        <Fact label={t('by')}>
          <span className="mono">{result.by}</span>
        </Fact>
        <Fact label={t('connack')}>
          <span className="mono">{code}</span>{' '}
          <span className="text-muted">{t(`protocols.${protocol}`)}</span>
        </Fact>
        {result.outcome === 'allow' && (
          <Fact label={t('rights')}>
            {result.superuser ? t('superuser') : result.anonymous ? t('anonymous') : t('byRules')}
          </Fact>
        )}
      </Facts>
      <NextSteps result={result} username={username} clientId={clientId} />
    </div>
  );
}

function Verdict({ result }: Pick<TryResultProps, 'result'>) {
  const t = useText('tester');
  const { icon: Icon, tone } = LOOK[result.outcome];
  return (
    <div className={cx('flex items-center gap-3 rounded-lg px-4 py-3', tone)}>
      <Icon aria-hidden className="size-6 shrink-0" />
      <div className="min-w-0">
        <p data-testid="try-outcome" className="text-lg font-semibold">
          {t(`outcome.${result.outcome}`)}
        </p>
        {result.reason !== null && (
          <p className="flex flex-wrap items-center gap-x-2 text-sm text-fg">
            <ReasonChip code={result.reason} />{' '}
            <span className="mono text-xs text-muted">{result.reason}</span>
          </p>
        )}
      </div>
    </div>
  );
}

/** The credential that nearly fits, which the device or the credential was meant to be. */
function Near({ statements }: Pick<TryResultProps['result'], 'statements'>) {
  const t = useText('tester');
  return statements.map(({ key, values, text }) => (
    <Notice key={key}>
      <VisibleSentence
        text={
          t.has(`near.${key}`)
            ? t(`near.${key}`, { name: String(values['name']), wants: String(values['wants']) })
            : text
        }
      />{' '}
      <Link
        href={`/credentials?open=${encodeURIComponent(String(values['credentialId']))}`}
        className="text-accent underline"
      >
        {t('openCredential')}
      </Link>
    </Notice>
  ));
}

/** Where to go from here: to the credential that decided, or to making the one that was missing. */
function NextSteps({ result, username, clientId }: Omit<TryResultProps, 'protocol'>) {
  const t = useText('tester');
  const mayCreate = useMay('credentials:write');
  return (
    <div className="flex flex-wrap gap-2">
      {result.credentialId !== null && (
        <Link
          href={`/credentials?open=${encodeURIComponent(result.credentialId)}`}
          className={buttonClass('neutral', 'sm')}
        >
          {t('openCredential')}
        </Link>
      )}
      {result.reason !== null && CURED_BY_CREATING.has(result.reason) && mayCreate && (
        <Link
          href={`/credentials/new${apiUrl('', { username, clientId }).replace(/^[^?]*/, '')}`}
          className={buttonClass('neutral', 'sm')}
        >
          <Plus aria-hidden className="size-4" />
          {t('create')}
        </Link>
      )}
    </div>
  );
}

/** The chain, asked in order; also in the drawer of a refused client. */
function TraceSteps({ trace }: { readonly trace: TryResultDto['trace'] }) {
  const { formatMs } = useFormat();
  const t = useText('tester');
  return (
    <ol className="overflow-hidden rounded-md border border-line">
      {trace.map((step, index) => (
        <li
          key={index}
          className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 text-sm last:border-b-0"
        >
          <span className="nums w-4 text-faint">{index + 1}</span>
          <span className="w-28 truncate font-medium">{step.authenticator}</span>
          <OutcomeBadge outcome={step.outcome} />
          <span className="flex min-w-0 flex-[1_1_12rem]">
            {step.reason !== null && <ReasonChip code={step.reason} />}
          </span>
          <span className="nums text-muted">{step.outcome === 'not-asked' ? '' : formatMs(step.ms)}</span>
          <DetailList detail={step.detail ?? {}} className="ms-7 w-full" />
        </li>
      ))}
      {trace.length === 0 && <li className="px-3 py-2 text-sm text-muted">{t('noTrace')}</li>}
    </ol>
  );
}
