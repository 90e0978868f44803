'use client';

import type { AnonymousDto, AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import { ShieldOff, TriangleAlert } from 'lucide-react';
import { Notice } from '@/components/ui/states';
import { useText } from '@/lib/i18n';

interface WarningsProps {
  readonly all: readonly AuthenticatorDto[];
  readonly chains: readonly ChainDto[];
  readonly policy: AnonymousDto['policy'];
}

/** A group with a member that is off admits nobody. */
const canAdmit = (step: ChainDto['steps'][number], enabled: ReadonlySet<string>): boolean =>
  typeof step === 'string' ? enabled.has(step) : step.require.every((name) => enabled.has(name));

/** What leaves a door open, or all of them shut. */
export function Warnings({ all, chains, policy }: WarningsProps) {
  const t = useText('authentication');
  const enabled = new Set(all.filter((one) => one.enabled).map((one) => one.name));
  const askNobody = chains.filter((chain) => !chain.steps.some((step) => canAdmit(step, enabled)));
  const names = askNobody.map((chain) => chain.name).join(', ');
  if (policy !== 'allow') {
    if (askNobody.length === 0) return null;
    return (
      <Notice tone="warning" icon={<TriangleAlert aria-hidden className="text-ignored" />}>
        {t('warning.everybodyRefused', { names, count: askNobody.length })}
      </Notice>
    );
  }
  return (
    <Notice tone="danger" icon={<ShieldOff aria-hidden className="text-refused" />}>
      <strong className="font-semibold text-refused">
        {askNobody.length > 0
          ? t('warning.nobodyRefused', { names, count: askNobody.length })
          : t('warning.allowed')}
      </strong>{' '}
      {t('warning.allowedHint')}
    </Notice>
  );
}
