'use client';

import type { AuthenticatorTestDto } from '@gatehouse/contract';
import { CircleCheck, CircleX } from 'lucide-react';
import { OutcomeBadge } from '@/components/ui/outcome';
import { Fact, Facts } from '@/components/ui/page';
import { ReasonChip } from '@/components/ui/reason-chip';
import { useDetailWords } from '@/components/ui/use-detail-words';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { useFormat, useText } from '@/lib/i18n';

type Detail = NonNullable<AuthenticatorTestDto['explained']>;

/** It comes below what was asked, often out of sight. */
const intoView = (node: HTMLElement | null): void => node?.scrollIntoView({ block: 'nearest' });

/** Whether the backend was reached, what was answered about the client, what was asked and what came back. */
export function TestResult({ result }: { readonly result: AuthenticatorTestDto }) {
  const { formatMs } = useFormat();
  const t = useText('authentication');
  const { probe, step, explained } = result;
  return (
    <div
      ref={intoView}
      className="flex scroll-mb-20 flex-col gap-4 rounded-md border border-line bg-sunken p-4"
      data-testid="test-result"
    >
      <ProbeLine probe={probe} />
      {step !== null && (
        <div>
          <h4 className="mb-1.5 text-sm font-semibold">{t('test.answer')}</h4>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <OutcomeBadge outcome={step.outcome} />
            {step.reason !== null && (
              <>
                <ReasonChip code={step.reason} />
                <span className="mono text-xs text-muted">{step.reason}</span>
              </>
            )}
            <span className="nums text-muted">{formatMs(step.ms)}</span>
          </p>
          <DetailFacts detail={step.detail ?? {}} />
        </div>
      )}
      {explained !== null && (
        <div>
          <h4 className="mb-1.5 text-sm font-semibold">{t('test.explained')}</h4>
          <DetailFacts detail={explained} />
        </div>
      )}
    </div>
  );
}

function ProbeLine({ probe }: Pick<AuthenticatorTestDto, 'probe'>) {
  const { formatMs } = useFormat();
  const t = useText('authentication');
  if (probe === null) return <p className="text-sm text-muted">{t('test.noBackend')}</p>;
  const Icon = probe.ok ? CircleCheck : CircleX;
  return (
    <p className="flex items-start gap-2 text-sm">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${probe.ok ? 'text-accepted' : 'text-refused'}`} />
      <span className="min-w-0">
        {probe.ok ? (
          t('test.reached', { time: formatMs(probe.ms) })
        ) : (
          <>
            {t('test.notReached')} <VisibleSentence text={probe.problem} />
          </>
        )}
      </span>
    </p>
  );
}

/** A backend's own words among it: shown as text, with what would not be seen made visible. */
function DetailFacts({ detail }: { readonly detail: Detail }) {
  const { nameOf, valueOf } = useDetailWords();
  const entries = Object.entries(detail);
  if (entries.length === 0) return null;
  return (
    <div className="mt-2">
      <Facts>
        {entries.map(([key, value]) => (
          <Fact key={key} label={nameOf(key)}>
            <span className="mono text-xs">
              <VisibleSentence text={valueOf(key, value)} />
            </span>
          </Fact>
        ))}
      </Facts>
    </div>
  );
}
