'use client';

import type { StartStatusDto } from '@gatehouse/contract';
import { ArrowRight, Check } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { snippet } from '@/components/credentials/snippets';
import { buttonClass } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/copy';
import { Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { cx } from '@/lib/cx';
import { startStatusResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useResource } from '@/lib/use-resource';

const POLL_MS = 2_000;
const MQTT_PORT = 1883;

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
      <PageHeader title={t('title')} description={t('subtitle')} />
      {status.data !== undefined ? (
        <>
          <p role="status" className="nums text-sm text-muted">
            {done === STEPS.length ? t('allDone') : t('progress', { done, total: STEPS.length })}
          </p>
          <ol className="card divide-y divide-line">
            {STEPS.map((step, index) => (
              <Step key={step} step={step} number={index + 1} status={status.data} />
            ))}
          </ol>
        </>
      ) : status.isError ? (
        <ErrorState error={status.error} onRetry={() => void status.refetch()} />
      ) : (
        <Skeleton className="h-96 w-full rounded-lg" />
      )}
    </Page>
  );
}

interface StepProps {
  readonly step: StepKey;
  readonly number: number;
  readonly status: StartStatusDto;
}

function Step({ step, number, status }: StepProps) {
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
        <StepBody step={step} status={status} ticked={ticked} />
      </div>
    </li>
  );
}

interface StepBodyProps {
  readonly step: StepKey;
  readonly status: StartStatusDto;
  readonly ticked: boolean;
}

/** The command of a step, with the server's own address in it. */
const commandOf = ({ mqtt }: StartStatusDto, username: string, password: string): string =>
  snippet('mosquitto', {
    host: mqtt.host,
    port: mqtt.tcpPort ?? MQTT_PORT,
    clientId: null,
    passwordless: false,
    rules: [],
    username,
    password,
  });

function StepBody({ step, status, ticked }: StepBodyProps): ReactNode {
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
        <CodeBlock
          label={t('firstGoodConnect.title')}
          code={commandOf(status, 'YOUR-USERNAME', 'YOUR-SECRET')}
        />
      );
    case 'firstRefusedConnect':
      return (
        <>
          <CodeBlock label={t('firstRefusedConnect.title')} code={commandOf(status, 'pump-7', 'wrong')} />
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

const ListenerAddress = ({ mqtt }: Pick<StartStatusDto, 'mqtt'>) => (
  <p className="mono text-sm">
    {mqtt.host}:{mqtt.tcpPort ?? MQTT_PORT}
    {mqtt.wsPort !== null && <span className="text-faint"> · ws://{`${mqtt.host}:${mqtt.wsPort}/mqtt`}</span>}
  </p>
);
