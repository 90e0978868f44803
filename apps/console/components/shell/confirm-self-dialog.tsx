'use client';

import type { ConfirmationDto, SsoStartedDto } from '@gatehouse/contract';
import { useEffect, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { resource } from '@/lib/resource';
import { onConfirmed } from '@/lib/sso-channel';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';

const confirmationResource = resource<ConfirmationDto>('/account/confirmation');

/** The provider opens in a tab of its own: what was about to be done here is still here when it came back. */
async function goToProvider(): Promise<void> {
  // Opened by the click itself: what opens later, browsers hold back.
  const tab = window.open('', '_blank');
  try {
    const { url } = await api.post<SsoStartedDto>('/account/confirmation/sso');
    (tab ?? window).location.assign(url);
  } catch (error) {
    tab?.close();
    throw error;
  }
}

/** Asks for the password, or a code where there is an authenticator app, before something dangerous goes on. */
export function ConfirmSelfDialog({ onEnd }: { readonly onEnd: (isConfirmed: boolean) => void }) {
  const t = useText('shell');
  const common = useText('common');
  const form = useId();
  const [proof, setProof] = useState('');
  const { data } = useResource(confirmationResource, { fresh: true });
  const by = data?.by ?? 'password';
  const isElsewhere = by === 'provider';
  const confirm = useAction(
    () => (isElsewhere ? goToProvider() : api.post('/account/confirmation', { [by]: proof })),
    {
      stale: [],
      toastProblems: false,
      onDone: () => {
        if (!isElsewhere) onEnd(true);
      },
    },
  );
  useEffect(() => onConfirmed(() => onEnd(true)), [onEnd]);
  const problem = confirm.error === null ? null : problemOf(confirm.error);
  return (
    <Dialog
      open
      size="sm"
      onClose={() => onEnd(false)}
      title={t('confirmSelf.title')}
      footer={
        <>
          <Button onClick={() => onEnd(false)}>{common('cancel')}</Button>
          <Button type="submit" form={form} tone="primary" busy={confirm.isPending}>
            {t(isElsewhere ? 'confirmSelf.provider' : 'confirmSelf.goOn')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate(undefined);
        }}
      >
        <p className="text-muted">{t('confirmSelf.text')}</p>
        {problem?.errors === undefined && <ProblemNotice problem={problem} />}
        {isElsewhere ? (
          <p className="text-muted">{t('confirmSelf.providerText')}</p>
        ) : (
          <Field
            label={t(`confirmSelf.${by}`)}
            {...(by === 'code' ? { hint: t('confirmSelf.codeHint') } : {})}
            error={problem?.errors === undefined ? undefined : t(`confirmSelf.${by}Wrong`)}
          >
            {(ids) => (
              <Input
                {...ids}
                key={by}
                data-autofocus
                required
                type={by === 'code' ? 'text' : 'password'}
                autoComplete={by === 'code' ? 'one-time-code' : 'current-password'}
                value={proof}
                onChange={(event) => setProof(event.target.value)}
              />
            )}
          </Field>
        )}
      </form>
    </Dialog>
  );
}
