'use client';

import type { TryResultDto } from '@gatehouse/contract';
import { FlaskConical, Play } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Forbidden, State } from '@/components/ui/states';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useAction, type Action } from '@/lib/use-action';
import { attemptOf, bodyOf, type Attempt, type TryPrefill } from './attempt';
import { AttemptFields } from './attempt-fields';
import { TryResult } from './try-result';

interface TesterProps {
  readonly prefill: TryPrefill;
}

/** "Would this client be admitted, and why?" The real chain answers; nothing is recorded. */
export function Tester({ prefill }: TesterProps) {
  return useMay('try:run') ? <Form prefill={prefill} /> : <Forbidden />;
}

function Form({ prefill }: TesterProps) {
  const t = useText('tester');
  const [form, setForm] = useState(() => attemptOf(prefill));
  const run = useAction((_none: undefined) => api.post<TryResultDto>('/try', bodyOf(form)), {
    stale: [],
    toastProblems: false,
  });
  const problem = run.error === null ? null : problemOf(run.error);
  const errorOf = fieldErrors(problem);
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} guide="try" />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(20rem,26rem)_1fr]">
        <Card title={t('attempt')}>
          <form
            className="flex flex-col gap-4 p-4"
            onSubmit={(event) => {
              event.preventDefault();
              run.mutate(undefined);
            }}
          >
            <AttemptFields
              form={form}
              errorOf={errorOf}
              onChange={(part) => setForm((now) => ({ ...now, ...part }))}
            />
            <Button
              type="submit"
              tone="primary"
              busy={run.isPending}
              icon={<Play aria-hidden className="size-4" />}
            >
              {t('run')}
            </Button>
          </form>
        </Card>
        <Card title={t('answer')}>
          <div aria-live="polite">
            <Answer run={run} form={form} />
          </div>
        </Card>
      </div>
    </Page>
  );
}

interface AnswerProps {
  readonly run: Action<undefined, TryResultDto>;
  readonly form: Attempt;
}

/** What the chain said, or what stands in for it; a problem of a field shows at the field. */
function Answer({ run, form }: AnswerProps) {
  const t = useText('tester');
  if (run.data !== undefined) {
    return (
      <TryResult
        result={run.data}
        protocol={form.protocol}
        username={form.withUsername ? form.username : null}
        clientId={form.clientId}
      />
    );
  }
  if (run.error !== null && problemOf(run.error).errors === undefined) {
    return <ErrorState error={run.error} onRetry={() => run.mutate(undefined)} />;
  }
  return (
    <State icon={<FlaskConical aria-hidden />} title={t('nothingYet')}>
      {t('nothingYetHint')}
    </State>
  );
}
