'use client';

import type { ConfirmationDto, SsoStartedDto } from '@gatehouse/contract';
import { useEffect, useState } from 'react';
import { Field, Input } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { resource } from '@/lib/resource';
import { onConfirmed } from '@/lib/sso-channel';
import { useForm, type FormState } from '@/lib/use-form';
import { useResource } from '@/lib/use-resource';
import { useSave } from '@/lib/use-save';

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

/** What a provider asks is between it and the person. */
const NOTHING_WRONG = () => [];

/** Asks for the password, or a code where there is an authenticator app, before something dangerous goes on. */
export function ConfirmSelfDialog({ onEnd }: { readonly onEnd: (isConfirmed: boolean) => void }) {
  const t = useText('shell');
  const [proof, setProof] = useState('');
  const { data } = useResource(confirmationResource, { fresh: true });
  const by = data?.by ?? 'password';
  const isElsewhere = by === 'provider';
  const body = { [by]: proof };
  const save = useSave<unknown>(
    () => (isElsewhere ? goToProvider() : api.post('/account/confirmation', body)),
    {
      stale: [],
      onDone: () => {
        if (!isElsewhere) onEnd(true);
      },
    },
  );
  const form = useForm(isElsewhere ? NOTHING_WRONG : 'confirmAccount', body, save);
  useEffect(() => onConfirmed(() => onEnd(true)), [onEnd]);
  return (
    <FormDialog
      size="sm"
      title={t('confirmSelf.title')}
      submitLabel={t(isElsewhere ? 'confirmSelf.provider' : 'confirmSelf.goOn')}
      form={form}
      onClose={() => onEnd(false)}
    >
      <p className="text-muted">{t('confirmSelf.text')}</p>
      {isElsewhere ? (
        <p className="text-muted">{t('confirmSelf.providerText')}</p>
      ) : (
        <ProofField by={by} proof={proof} form={form} onChange={setProof} />
      )}
    </FormDialog>
  );
}

interface ProofFieldProps {
  readonly by: 'password' | 'code';
  readonly proof: string;
  readonly form: FormState;
  readonly onChange: (proof: string) => void;
}

function ProofField({ by, proof, form, onChange }: ProofFieldProps) {
  const t = useText('shell');
  const error = form.errorOf(by);
  const isCode = by === 'code';
  return (
    <Field
      label={t(`confirmSelf.${by}`)}
      {...(isCode ? { hint: t('confirmSelf.codeHint') } : {})}
      error={error !== undefined && proof !== '' ? t(`confirmSelf.${by}Wrong`) : error}
    >
      {(ids) => (
        <Input
          {...ids}
          key={by}
          data-autofocus
          required
          type={isCode ? 'text' : 'password'}
          autoComplete={isCode ? 'one-time-code' : 'current-password'}
          value={proof}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
