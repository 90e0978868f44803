'use client';

import type { AnonymousDto } from '@gatehouse/contract';
import { CircleX, ShieldOff, Zap } from 'lucide-react';
import { useId, useState } from 'react';
import { Confirm } from '@/components/ui/confirm';
import { Card } from '@/components/ui/page';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { LockedBadge } from './locked-badge';
import { RevertButton } from './revert-button';
import { useAnonymousPolicy } from './use-authentication-actions';

const CHOICES = [
  ['deny', CircleX],
  ['quick_deny', Zap],
  ['allow', ShieldOff],
] as const;

/** The last answer of every chain: what happens to a client about which no authenticator decided. */
export function AnonymousCard({ anonymous }: { readonly anonymous: AnonymousDto }) {
  const t = useText('authentication');
  const may = useMay('authentication:write');
  const { run, busy, input } = useAnonymousPolicy(anonymous);
  const name = useId();
  const [asking, setAsking] = useState(false);
  const chosen = busy && input !== undefined ? input : anonymous.policy;
  const disabled = !may || anonymous.declaredAt !== null;
  return (
    <Card
      title={t('anonymous.title')}
      actions={
        anonymous.declaredAt !== null ? (
          <LockedBadge at={anonymous.declaredAt} />
        ) : (
          anonymous.previous !== null && (
            <RevertButton
              path="/anonymous"
              tip={t('revert.chainTip', { steps: t(`anonymous.${anonymous.previous}.name`) })}
            />
          )
        )
      }
    >
      <fieldset id="anonymous" className="scroll-mt-16 p-4" aria-busy={busy}>
        <legend className="sr-only">{t('anonymous.title')}</legend>
        <p className="mb-3 text-sm text-muted">{t('anonymous.text')}</p>
        <div className="grid gap-2 md:grid-cols-3">
          {CHOICES.map(([policy, Icon]) => (
            <label
              key={policy}
              className={cx(
                'flex items-start gap-2.5 rounded-md border px-3 py-2.5',
                chosen !== policy && 'border-line',
                chosen === policy &&
                  (policy === 'allow' ? 'border-refused bg-refused-soft' : 'border-accent'),
                disabled ? 'text-muted' : 'cursor-pointer',
              )}
            >
              <input
                type="radio"
                name={name}
                className="mt-1 accent-accent"
                checked={chosen === policy}
                disabled={disabled}
                // Arrow keys choose as they pass: the door is not opened in passing.
                onChange={() => (policy === 'allow' ? setAsking(true) : run(policy))}
              />
              <span className="min-w-0">
                <span className="flex items-center gap-1.5 font-medium">
                  <Icon
                    aria-hidden
                    className={cx('size-4', policy === 'allow' ? 'text-refused' : 'text-muted')}
                  />
                  {t(`anonymous.${policy}.name`)}
                </span>
                <span className="block text-xs text-muted">{t(`anonymous.${policy}.text`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <Confirm
        open={asking}
        title={t('anonymous.confirmTitle')}
        confirmLabel={t('anonymous.confirm')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          run('allow');
        }}
      >
        {t('anonymous.confirmText')}
      </Confirm>
    </Card>
  );
}
