'use client';

import type { AnonymousDto, AuthenticatorDto, ChainDto, DryRunDto } from '@gatehouse/contract';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select } from '@/components/ui/field';
import { ErrorState, Notice } from '@/components/ui/states';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { isSame, partsOf, type Steps, stepsOf } from './chain-entries';
import { DraftSteps } from './draft-steps';
import { DryRunResult } from './dry-run-result';
import { STALE } from './use-authentication-actions';

const POLICIES = ['deny', 'quick_deny', 'allow'] as const satisfies readonly AnonymousDto['policy'][];

interface DryRunDialogProps {
  readonly chain: ChainDto;
  readonly all: readonly AuthenticatorDto[];
  readonly anonymous: AnonymousDto;
  readonly onClose: () => void;
}

/** A draft of a chain, tried against the clients refused lately and the open sessions before it is saved. */
export function DryRunDialog({ chain, all, anonymous, onClose }: DryRunDialogProps) {
  const t = useText('authentication');
  const common = useText('common');
  const { alone: first, group } = partsOf(chain.steps);
  const [alone, setAlone] = useState<readonly string[]>(first);
  const [policy, setPolicy] = useState(anonymous.policy);
  const steps = stepsOf({ alone, group });
  const path = `/chains/${encodeURIComponent(chain.name)}`;
  const run = useAction(() => api.post<DryRunDto>(`${path}/dry-run`, { steps, anonymous: policy }), {
    stale: [],
    toastProblems: false,
  });
  const save = useSave({ chain, anonymous, steps, policy, onSaved: onClose });
  const isChanged = !isSame(steps, chain.steps) || policy !== anonymous.policy;
  /** What was tried is what is shown: a change asks for another run. */
  const edit = (change: () => void): void => {
    change();
    run.reset();
  };
  return (
    <Dialog
      open
      size="lg"
      onClose={onClose}
      title={t('dryRun.title', { name: chain.name })}
      description={t('dryRun.text')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            tone={run.data === undefined ? 'primary' : 'neutral'}
            icon={<FlaskConical aria-hidden className="size-4" />}
            busy={run.isPending}
            onClick={() => run.mutate(undefined)}
          >
            {t('dryRun.run')}
          </Button>
          <Button
            tone={run.data === undefined ? 'neutral' : 'primary'}
            disabled={!isChanged}
            busy={save.isPending}
            onClick={() => save.mutate(undefined)}
          >
            {t('dryRun.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <DraftSteps all={all} group={group} alone={alone} onChange={(next) => edit(() => setAlone(next))} />
        {anonymous.declaredAt === null && (
          <Field label={t('anonymous.title')}>
            {(ids) => (
              <Select
                {...ids}
                value={policy}
                onChange={(event) => {
                  const chosen = POLICIES.find((one) => one === event.target.value);
                  if (chosen !== undefined) edit(() => setPolicy(chosen));
                }}
              >
                {POLICIES.map((one) => (
                  <option key={one} value={one}>
                    {t(`anonymous.${one}.name`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        {policy !== anonymous.policy && <Notice tone="warning">{t('dryRun.allChains')}</Notice>}
        {run.isError && <ErrorState error={run.error} onRetry={() => run.mutate(undefined)} />}
        {run.data !== undefined && <DryRunResult run={run.data} />}
      </div>
    </Dialog>
  );
}

interface SaveOptions {
  readonly chain: ChainDto;
  readonly anonymous: AnonymousDto;
  readonly steps: Steps;
  readonly policy: AnonymousDto['policy'];
  readonly onSaved: () => void;
}

/** Saves what differs, over the versions that were read. */
function useSave({ chain, anonymous, steps, policy, onSaved }: SaveOptions) {
  const t = useText('authentication');
  return useAction(
    async () => {
      if (!isSame(steps, chain.steps)) {
        const path = `/chains/${encodeURIComponent(chain.name)}`;
        await api.put<ChainDto>(path, { steps }, { version: chain.version });
      }
      if (policy !== anonymous.policy) {
        await api.put<AnonymousDto>('/anonymous', { policy }, { version: anonymous.version });
      }
    },
    {
      stale: STALE,
      onDone: () => {
        showToast({ tone: 'good', text: t('toast.chain', { name: chain.name }) });
        onSaved();
      },
    },
  );
}
