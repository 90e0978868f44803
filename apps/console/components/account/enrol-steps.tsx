'use client';

import type { RecoveryCodesDto, TotpOfferDto } from '@gatehouse/contract';
import { useEffect, useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy';
import { Field, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { Skeleton } from '@/components/ui/states';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { qrCode } from '@/lib/qr';
import { useAction } from '@/lib/use-action';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';

interface EnrolStepsProps {
  /** Told with the recovery codes, which are shown only now. */
  readonly onDone: (codes: readonly string[]) => void;
}

/** Scan the code, then type what the app shows: the app is in force from then on. */
export function EnrolSteps({ onDone }: EnrolStepsProps) {
  const t = useText('account');
  const [code, setCode] = useState('');
  const offer = useAction(() => api.post<TotpOfferDto>('/account/totp'), { stale: [], toastProblems: false });
  const { mutate: ask } = offer;
  useEffect(() => ask(undefined), [ask]);
  const body = { enrolment: offer.data?.enrolment ?? '', code };
  const save = useSave(() => api.put<RecoveryCodesDto>('/account/totp', body), {
    // What is shown of the account is read again when the codes have been noted.
    stale: [],
    onDone: ({ recoveryCodes }) => onDone(recoveryCodes),
  });
  const form = useForm('enrolTotp', body, save);
  const errors = ['code', 'enrolment'].map(form.errorOf);
  return (
    <Form form={form} className="flex flex-col gap-5">
      <ProblemNotice problem={offer.error === null ? null : problemOf(offer.error)} />
      <Offer offer={offer.data} />
      <Field
        label={t('enrol.code')}
        hint={t('enrol.codeHint')}
        error={errors.find((one) => one !== undefined)}
      >
        {(ids) => (
          <div className="flex gap-2">
            <Input
              {...ids}
              required
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={7}
              className="mono !w-36 tracking-widest"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
            <Button type="submit" tone="primary" busy={form.busy} disabled={offer.data === undefined}>
              {t('enrol.confirm')}
            </Button>
          </div>
        )}
      </Field>
    </Form>
  );
}

const GROUP = /.{1,4}/g;

function Offer({ offer }: { readonly offer: TotpOfferDto | undefined }) {
  const t = useText('account');
  return (
    <div className="flex flex-col gap-4 sm:flex-row sm:items-center">
      {offer === undefined ? (
        <Skeleton className="size-44 shrink-0" />
      ) : (
        <QrPicture text={offer.uri} label={t('enrol.qr')} />
      )}
      <div className="min-w-0">
        <p>{t('enrol.scan')}</p>
        <p className="mt-3 text-sm text-muted">{t('enrol.type')}</p>
        <div className="mt-1 flex items-center gap-1">
          <code data-testid="totp-secret" className="mono text-sm break-words select-all">
            {offer?.secret.match(GROUP)?.join(' ') ?? '…'}
          </code>
          {offer !== undefined && <CopyButton text={offer.secret} label={t('enrol.copy')} />}
        </div>
      </div>
    </div>
  );
}

/** Modules of quiet border that the standard asks for. */
const BORDER = 4;

/** Dark on white in either theme: cameras read nothing else. */
function QrPicture({ text, label }: { readonly text: string; readonly label: string }) {
  const { path, size } = useMemo(() => {
    const rows = qrCode(text);
    const dark = rows.flatMap((row, y) =>
      row.flatMap((isDark, x) => (isDark ? [`M${String(x + BORDER)} ${String(y + BORDER)}h1v1h-1z`] : [])),
    );
    return { path: dark.join(''), size: rows.length + 2 * BORDER };
  }, [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      shapeRendering="crispEdges"
      className="size-44 shrink-0 rounded-md border border-line"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
