'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { DetailList } from '@/components/ui/detail-list';
import { OutcomeBadge } from '@/components/ui/outcome';
import { useFormat, useText } from '@/lib/i18n';
import { Section } from './section';

type Step = NonNullable<UnauthorizedClientDetailDto['trace']>[number];

/** Who was asked, in which order, and what each said. */
export function Trace({ steps }: { readonly steps: readonly Step[] }) {
  const { formatMs } = useFormat();
  const t = useText('unauthorized');
  const total = steps.reduce((sum, step) => sum + step.ms, 0);
  return (
    <Section title={t('drawer.trace')} aside={steps.length > 1 && formatMs(total)}>
      {steps.length === 0 ? (
        <p className="text-muted">{t('trace.none')}</p>
      ) : (
        <ol className="flex flex-col rounded-md border border-line">
          {steps.map((step, index) => (
            <TraceStep key={`${step.authenticator} ${index}`} step={step} place={index + 1} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function TraceStep({ step, place }: { readonly step: Step; readonly place: number }) {
  const { formatMs } = useFormat();
  const reasons = useText('reasons');
  return (
    <li className="border-b border-line px-3 py-2 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <span aria-hidden className="nums w-4 text-end text-xs text-faint">
          {place}
        </span>
        <span className="mono font-medium">{step.authenticator}</span>
        {step.type !== step.authenticator && <span className="text-xs text-faint">{step.type}</span>}
        <OutcomeBadge outcome={step.outcome} />
        {step.reason !== null && (
          <span className="min-w-0 text-sm text-muted">
            {reasons.has(step.reason) ? reasons(step.reason) : step.reason}
          </span>
        )}
        {step.outcome !== 'not-asked' && (
          <span className="nums ms-auto text-xs text-muted">{formatMs(step.ms)}</span>
        )}
      </div>
      <DetailList detail={step.detail ?? {}} className="mt-1 ms-6.5" />
    </li>
  );
}
