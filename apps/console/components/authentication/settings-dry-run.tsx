'use client';

import type { AuthenticatorDto, DryRunDto, Problem } from '@gatehouse/contract';
import { FlaskConical } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { api, problemOf } from '@/lib/api';
import { chainsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { DryRunResult } from './dry-run-result';
import type { Tree } from './schema';

interface SettingsDryRunProps {
  readonly one: AuthenticatorDto;
  readonly disabled: boolean;
  /** What is tried; undefined: the settings in force. Null: the draft has something to be put right first. */
  readonly settings: () => Tree | undefined | null;
  /** Told what the server says against the draft; null before each run. */
  readonly onProblem: (problem: Problem | null) => void;
}

/** Asks a chain, with these settings as they stand in the form, about the clients refused lately and the open sessions. */
export function SettingsDryRun({ one, disabled, settings, onProblem }: SettingsDryRunProps) {
  const t = useText('authentication');
  const chains = useResource(chainsResource);
  const asking = chains.data?.items.filter(({ name }) => one.chains.includes(name)) ?? [];
  const run = useAction(
    ({ chain, draft }: { readonly chain: string; readonly draft: Tree | undefined }) =>
      api.post<DryRunDto>(`/chains/${encodeURIComponent(chain)}/dry-run`, {
        steps: asking.find(({ name }) => name === chain)?.steps ?? [],
        authenticators: draft === undefined ? {} : { [one.name]: draft },
      }),
    { stale: [], toastProblems: false },
  );
  const start = (chain: string): void => {
    const draft = settings();
    if (draft === null) return;
    onProblem(null);
    run.mutate({ chain, draft }, { onError: (error) => onProblem(problemOf(error)) });
  };
  return (
    <section className="border-t border-line pt-4">
      <h3 className="text-base font-semibold">{t('dryRun.ofSettings.title')}</h3>
      <p className="text-sm text-muted">{t('dryRun.ofSettings.text')}</p>
      <div className="mt-3 flex flex-col gap-4">
        {one.chains.length === 0 ? (
          <p className="text-sm text-muted">{t('dryRun.ofSettings.noChain')}</p>
        ) : (
          <div className="flex flex-wrap gap-2">
            {asking.map(({ name }) => (
              <Button
                key={name}
                disabled={disabled}
                busy={run.isPending && run.variables.chain === name}
                icon={<FlaskConical aria-hidden className="size-4" />}
                onClick={() => start(name)}
              >
                {t('dryRun.ofSettings.run', { chain: name })}
              </Button>
            ))}
          </div>
        )}
        {run.data !== undefined && <DryRunResult run={run.data} />}
      </div>
    </section>
  );
}
