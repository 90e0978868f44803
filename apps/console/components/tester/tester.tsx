'use client';

import type { TryResultDto } from '@gatehouse/contract';
import { FlaskConical, Play } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Form } from '@/components/ui/form';
import { Card, Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Forbidden, State } from '@/components/ui/states';
import { api, ApiError } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useForm } from '@/lib/use-form';
import { useSave, type Save } from '@/lib/use-save';
import { attemptOf, bodyOf, type Attempt, type TryPrefill } from './attempt';
import { AttemptFields } from './attempt-fields';

// What is shown after the first question is not waited for before it.
const TryResult = lazyPart(() => import('./try-result').then((module) => module.TryResult));

interface TesterProps {
  readonly prefill: TryPrefill;
}

/** "Would this client be admitted, and why?" The real chain answers; nothing is recorded. */
export function Tester({ prefill }: TesterProps) {
  return useMay('try:run') ? <TesterForm prefill={prefill} /> : <Forbidden />;
}

function TesterForm({ prefill }: TesterProps) {
  const t = useText('tester');
  const [attempt, setAttempt] = useState(() => attemptOf(prefill));
  const body = bodyOf(attempt);
  const save = useSave(() => api.post<TryResultDto>('/try', body), { stale: [] });
  // What is against the whole stands where the answer would.
  const problem = save.problem?.errors === undefined ? null : save.problem;
  const form = useForm('tryAttempt', body, { ...save, problem });
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} guide="try" />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(20rem,26rem)_1fr]">
        <Card title={t('attempt')}>
          <Form form={form} className="flex flex-col gap-4 p-4">
            <AttemptFields
              form={attempt}
              errorOf={form.errorOf}
              onChange={(part) => setAttempt((now) => ({ ...now, ...part }))}
            />
            <Button
              type="submit"
              tone="primary"
              busy={form.busy}
              icon={<Play aria-hidden className="size-4" />}
            >
              {t('run')}
            </Button>
          </Form>
        </Card>
        <Card title={t('answer')}>
          <div aria-live="polite">
            <Answer save={save} attempt={attempt} />
          </div>
        </Card>
      </div>
    </Page>
  );
}

interface AnswerProps {
  readonly save: Pick<Save<TryResultDto>, 'data' | 'problem' | 'send'>;
  readonly attempt: Attempt;
}

/** What the chain said, or what stands in for it; a problem of a field shows at the field. */
function Answer({ save, attempt }: AnswerProps) {
  const t = useText('tester');
  if (save.data !== undefined) {
    return (
      <TryResult
        result={save.data}
        protocol={attempt.protocol}
        username={attempt.withUsername ? attempt.username : null}
        clientId={attempt.clientId}
      />
    );
  }
  if (save.problem !== null && save.problem.errors === undefined) {
    return <ErrorState error={new ApiError(save.problem)} onRetry={save.send} />;
  }
  return (
    <State icon={<FlaskConical aria-hidden />} title={t('nothingYet')}>
      {t('nothingYetHint')}
    </State>
  );
}
