'use client';

import type { CredentialDto, CredentialWithSecretDto } from '@gatehouse/contract';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { Button, buttonClass } from '@/components/ui/button';
import { Form } from '@/components/ui/form';
import { Page, PageHeader } from '@/components/ui/page';
import { Forbidden, Notice, Skeleton } from '@/components/ui/states';
import { cx } from '@/lib/cx';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { OptionFields } from './draft-fields';
import { IdentityOf } from './identity-of';
import { isNamed, type Draft } from './draft';
import { RulesEditor } from './rules-editor';
import { SecretFields } from './secret-fields';
import { canBeSeveral } from './several';
import { SeveralField } from './several-field';
import { TypeChoice } from './type-fields';
import type { CredentialType, TypedPrefill } from './typed-draft';
import { useCreate } from './use-create';

const SecretScreen = lazyPart(() => import('./secret-screen').then((module) => module.SecretScreen));

const SeveralScreen = lazyPart(
  () => import('./several-screen').then((module) => module.SeveralScreen),
  () => <Skeleton className="h-40" />,
);

export interface CreatePrefill extends TypedPrefill {
  readonly username: string | null;
  readonly clientId: string | null;
  /** The refused client this is for; the way back leads there. */
  readonly from: string | null;
}

export const NO_PREFILL: CreatePrefill = { username: null, clientId: null, from: null };

interface CreatePageProps {
  readonly prefill: CreatePrefill;
  /** The credential that is cloned. */
  readonly original?: CredentialDto;
}

/** Two steps: what the credential is, then its secret with everything needed to use it. */
export function CreatePage({ prefill, original }: CreatePageProps) {
  const t = useText('credentials');
  const may = useMay('credentials:write');
  const [made, setMade] = useState<readonly CredentialWithSecretDto[]>([]);
  const [first] = made;
  const back = backOf(prefill, original);
  if (!may) return <Forbidden />;
  return (
    <Page narrow>
      <PageHeader
        title={
          first === undefined ? (
            original === undefined ? (
              t('create.title')
            ) : (
              <VisibleSentence text={t('create.clone', { name: original.name })} />
            )
          ) : made.length > 1 ? (
            t('several.ready', { count: made.length })
          ) : (
            <VisibleSentence text={t('create.ready', { name: first.name })} />
          )
        }
        description={<Steps current={first === undefined ? 1 : 2} />}
        guide="credentials"
      />
      {first === undefined ? (
        <CreateForm prefill={prefill} original={original} back={back} onMade={setMade} />
      ) : (
        <>
          <section className="card p-5">
            {made.length > 1 ? <SeveralScreen made={made} /> : <SecretScreen credential={first} />}
          </section>
          <div className="flex flex-wrap justify-end gap-2">
            {prefill.from !== null && (
              <Link href={back} className={buttonClass()}>
                <ArrowLeft aria-hidden className="size-4" />
                {t('create.backToRefused')}
              </Link>
            )}
            <Link
              href={made.length > 1 ? '/credentials' : `/credentials?open=${encodeURIComponent(first.id)}`}
              className={buttonClass('primary')}
            >
              {t('create.done')}
            </Link>
          </div>
        </>
      )}
    </Page>
  );
}

function backOf({ from }: CreatePrefill, original: CredentialDto | undefined): string {
  if (from !== null) return `/unauthorized/${encodeURIComponent(from)}`;
  return original === undefined ? '/credentials' : `/credentials?open=${encodeURIComponent(original.id)}`;
}

function Steps({ current }: { readonly current: 1 | 2 }) {
  const t = useText('credentials');
  return (
    <ol className="mt-1.5 flex items-center gap-2 text-sm">
      {([1, 2] as const).map((step) => (
        <li
          key={step}
          aria-current={step === current ? 'step' : undefined}
          className={cx('flex items-center gap-2', step === current ? 'text-fg' : 'text-faint')}
        >
          {step === 2 && <ArrowRight aria-hidden className="size-3.5 text-faint" />}
          <span
            className={cx(
              'nums flex size-5 items-center justify-center rounded-full border text-xs',
              step === current ? 'border-accent text-accent' : 'border-line-strong',
            )}
          >
            {step}
          </span>
          {t(`create.step${step}`)}
        </li>
      ))}
    </ol>
  );
}

interface CreateFormProps {
  readonly prefill: CreatePrefill;
  readonly original: CredentialDto | undefined;
  readonly back: string;
  readonly onMade: (credentials: readonly CredentialWithSecretDto[]) => void;
}

function CreateForm(props: CreateFormProps) {
  const { prefill, original, back } = props;
  const t = useText('credentials');
  const { draft, setDraft, secret, setSecret, count, countText, setCountText, form, madeOf } =
    useCreate(props);
  const { errorOf } = form;
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  const chooseType = (type: CredentialType): void => {
    setSecret({ kind: 'generate' });
    setCountText('1');
    change({ type });
  };
  const fields = { draft, errorOf, onChange: change };
  return (
    <Form form={form} className="flex flex-col gap-4">
      {prefill.from !== null && (
        <Notice>{t(draft.type === 'x509' ? 'create.fromCertificate' : 'create.fromAttempt')}</Notice>
      )}
      {original !== undefined && (
        <Notice>
          {t('create.fromOriginal')} {!original.enabled && t('create.fromDisabled')}
        </Notice>
      )}
      <Section title={t('types.legend')}>
        <TypeChoice type={draft.type} onChange={chooseType} />
      </Section>
      <Section title={t('create.identity')}>
        <IdentityOf {...fields} />
        {original === undefined && prefill.from === null && canBeSeveral(draft) && (
          <SeveralField text={countText} error={errorOf('count')} onChange={setCountText} />
        )}
      </Section>
      {draft.type !== 'x509' && count > 1 && (
        <Section title={t('create.secret')}>
          <p>{t('several.secret')}</p>
        </Section>
      )}
      {draft.type !== 'x509' && count === 1 && (
        <Section title={t('create.secret')}>
          <SecretFields
            value={secret}
            isKey={draft.type === 'psk'}
            allowNone={draft.type === 'basic'}
            error={errorOf('password') ?? errorOf('key')}
            onChange={setSecret}
          />
        </Section>
      )}
      <Section title={t('create.rules')}>
        <RulesEditor rules={draft.rules} errorOf={errorOf} onChange={(rules) => change({ rules })} />
      </Section>
      <Section title={t('create.options')}>
        <OptionFields {...fields} />
      </Section>
      {madeOf > 0 && (
        <p role="status" className="text-end text-sm text-muted">
          {t('several.progress', { made: madeOf, count })}
        </p>
      )}
      <Buttons back={back} busy={form.busy} type={draft.type} ready={isNamed(draft)} count={count} />
    </Form>
  );
}

interface ButtonsProps {
  readonly back: string;
  readonly busy: boolean;
  readonly type: CredentialType;
  readonly ready: boolean;
  readonly count: number;
}

function Buttons({ back, busy, type, ready, count }: ButtonsProps) {
  const t = useText('credentials');
  const common = useText('common');
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      {!ready && (
        <p className="me-auto text-sm text-muted">
          {t(type === 'basic' ? 'create.needsIdentity' : `types.${type}Incomplete`)}
        </p>
      )}
      <Link href={back} className={buttonClass()}>
        {common('cancel')}
      </Link>
      <Button type="submit" tone="primary" busy={busy}>
        {count > 1 ? t('several.submit', { count }) : t('create.submit')}
      </Button>
    </div>
  );
}

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="card grid gap-x-6 gap-y-3 p-5 lg:grid-cols-[10rem_1fr]">
    <h2 className="text-base font-semibold">{title}</h2>
    <div className="min-w-0">{children}</div>
  </section>
);
