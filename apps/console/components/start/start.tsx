'use client';

import type { StartStatusDto } from '@gatehouse/contract';
import { ArrowRight, Check } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ConnectBox } from '@/components/connect/connect-box';
import { bracketed, exampleCommand } from '@/lib/connect/snippets';
import { useConnect, type Connect } from '@/lib/connect/use-connect';
import { buttonClass } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/copy';
import { Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { cx } from '@/lib/cx';
import { startStatusResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useResource } from '@/lib/use-resource';

const POLL_MS = 2_000;

type StepKey = 'listenerUp' | 'firstCredential' | 'firstGoodConnect' | 'firstRefusedConnect';
const STEPS: readonly StepKey[] = [
  'listenerUp',
  'firstCredential',
  'firstGoodConnect',
  'firstRefusedConnect',
];

/** The way from nothing to the first refused client, which ticks itself as it happens. */
export function Start() {
  const t = useText('start');
  const status = useResource(startStatusResource, { refetchInterval: POLL_MS });
  const done = status.data === undefined ? 0 : STEPS.filter((step) => status.data[step]).length;
  return (
    <Page narrow>
      <PageHeader title={t('title')} description={t('subtitle')} guide="start" />
      {status.data !== undefined ? (
        <>
          <p role="status" className="nums text-sm text-muted">
            {done === STEPS.length ? t('allDone') : t('progress', { done, total: STEPS.length })}
          </p>
          <Steps status={status.data} />
        </>
      ) : status.isError ? (
        <ErrorState error={status.error} onRetry={() => void status.refetch()} />
      ) : (
        <Skeleton className="h-96 w-full rounded-lg" />
      )}
    </Page>
  );
}

function Steps({ status }: { readonly status: StartStatusDto }) {
  const connect = useConnect(status.mqtt);
  return (
    <ol className="card divide-y divide-line">
      {STEPS.map((step, index) => (
        <Step key={step} step={step} number={index + 1} status={status} connect={connect} />
      ))}
    </ol>
  );
}

interface StepProps {
  readonly step: StepKey;
  readonly number: number;
  readonly status: StartStatusDto;
  readonly connect: Connect;
}

function Step({ step, number, status, connect }: StepProps) {
  const t = useText('start');
  const ticked = status[step];
  const current = !ticked && STEPS.slice(0, number - 1).every((before) => status[before]);
  return (
    <li aria-current={current ? 'step' : undefined} className="flex gap-4 p-4 md:p-5">
      <span
        className={cx(
          'nums flex size-6 shrink-0 items-center justify-center rounded-full border text-sm',
          ticked
            ? 'border-accepted bg-accepted-soft text-accepted'
            : current
              ? 'border-accent text-accent'
              : 'border-line-strong text-faint',
        )}
      >
        {ticked ? <Check aria-label={t('ticked')} className="size-3.5" /> : number}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-2.5">
        <div>
          <h2 className={cx('font-semibold', ticked && 'text-muted')}>{t(`${step}.title`)}</h2>
          <p className="text-sm text-muted">{t(`${step}.${ticked ? 'done' : 'text'}`)}</p>
        </div>
        <StepBody step={step} status={status} ticked={ticked} connect={connect} />
      </div>
    </li>
  );
}

interface StepBodyProps extends Omit<StepProps, 'number'> {
  readonly ticked: boolean;
}

function StepBody({ step, status, ticked, connect }: StepBodyProps): ReactNode {
  const t = useText('start');
  switch (step) {
    case 'listenerUp':
      return <ListenerAddress mqtt={status.mqtt} />;
    case 'firstCredential':
      return (
        <Link
          href="/credentials/new"
          className={buttonClass(ticked ? 'neutral' : 'primary', 'sm', 'self-start')}
        >
          {t('firstCredential.action')}
        </Link>
      );
    case 'firstGoodConnect':
      return ticked ? null : (
        <ConnectBox connect={connect}>
          {(target) => (
            <CodeBlock
              label={t('firstGoodConnect.title')}
              code={exampleCommand(target, 'YOUR-USERNAME', 'YOUR-SECRET')}
            />
          )}
        </ConnectBox>
      );
    case 'firstRefusedConnect':
      return (
        <>
          <ConnectBox connect={connect}>
            {(target) => (
              <CodeBlock
                label={t('firstRefusedConnect.title')}
                code={exampleCommand(target, 'pump-7', 'wrong')}
              />
            )}
          </ConnectBox>
          {ticked && (
            <Link href="/unauthorized" className={buttonClass('primary', 'sm', 'self-start')}>
              {t('firstRefusedConnect.action')}
              <ArrowRight aria-hidden className="size-4" />
            </Link>
          )}
        </>
      );
  }
}

/** All that listens, by the URL that a client is given. */
function ListenerAddress({ mqtt: { host, ...ports } }: Pick<StartStatusDto, 'mqtt'>) {
  const urls = [
    ['mqtt', ports.tcpPort, ''],
    ['mqtts', ports.tlsPort, ''],
    ['ws', ports.wsPort, ports.wsPath],
    ['wss', ports.wssPort, ports.wssPath],
  ] as const;
  return (
    <ul className="mono flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {urls.map(
        ([scheme, port, path]) =>
          port !== null && <li key={scheme}>{`${scheme}://${bracketed(host)}:${port}${path}`}</li>,
      )}
    </ul>
  );
}
