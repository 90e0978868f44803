'use client';

import type { AuthenticatorDto, Problem } from '@gatehouse/contract';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { parseAsString, useQueryState } from 'nuqs';
import { useRef, useState } from 'react';
import { Button, buttonClass } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Forbidden, Skeleton } from '@/components/ui/states';
import { showToast } from '@/components/ui/toast';
import { api, problemOf } from '@/lib/api';
import { authenticatorTypesResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { focusInvalid } from '@/lib/focus-invalid';
import { AUTHENTICATOR_NAME } from './name';
import { SettingsForm } from './settings-form';
import { TypeChoice } from './type-choice';
import { namedType, type AuthenticatorType } from './types';
import { STALE } from './use-authentication-actions';
import { toSend, useSettingsDraft } from './use-settings-draft';

const TestPanel = lazyPart(() => import('./test-panel').then((module) => module.TestPanel));

const NO_SECRETS: ReadonlySet<string> = new Set();

/** A type, then its settings, tried before they are saved. */
export function CreatePage() {
  const t = useText('authentication');
  const may = useMay('authentication:write');
  const [type, setType] = useQueryState('type', parseAsString.withOptions({ history: 'push' }));
  const types = useResource(authenticatorTypesResource);
  const chosen = types.data?.items.find((one) => one.type === type);
  const nameOf = (one: string): string => {
    const known = namedType(one);
    return known === undefined ? one : t(`types.${known}.name`);
  };
  if (!may) return <Forbidden />;
  return (
    <Page narrow>
      <PageHeader
        title={chosen === undefined ? t('create.title') : t('create.titleOf', { type: nameOf(chosen.type) })}
        description={t(chosen === undefined ? 'create.choose' : 'create.text')}
        guide="authentication"
      />
      {types.data === undefined ? (
        <section className="card p-5">
          {types.isError ? (
            <ErrorState error={types.error} onRetry={() => void types.refetch()} />
          ) : (
            <Skeleton className="h-40 w-full" />
          )}
        </section>
      ) : chosen === undefined ? (
        <TypeChoice types={types.data.items} onChoose={(next) => void setType(next)} />
      ) : (
        <CreateForm key={chosen.type} type={chosen} onBack={() => void setType(null)} />
      )}
    </Page>
  );
}

interface CreateFormProps {
  readonly type: AuthenticatorType;
  readonly onBack: () => void;
}

function CreateForm({ type: { type, schema }, onBack }: CreateFormProps) {
  const t = useText('authentication');
  const router = useRouter();
  const draft = useSettingsDraft(schema, { type });
  const [name, setName] = useState('');
  const [nameTried, setNameTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const refuse = (problem: Problem | null): void => {
    draft.setProblem(problem);
    if (problem !== null) focusInvalid(form.current);
  };
  const named = AUTHENTICATOR_NAME.test(name);
  const create = useAction(
    (_none: undefined) =>
      api.post<AuthenticatorDto>('/authenticators', { name, settings: toSend(draft.settings) }),
    {
      stale: STALE,
      toastProblems: false,
      onDone: (made) => {
        showToast({ tone: 'good', text: t('toast.created', { name: made.name }) });
        router.push('/authentication');
      },
    },
  );
  const isReady = (): boolean => draft.isReady() || focusInvalid(form.current);
  return (
    <form
      ref={form}
      noValidate
      className="card flex flex-col gap-5 p-5"
      onSubmit={(event) => {
        event.preventDefault();
        setNameTried(true);
        const ready = isReady();
        if (!named) focusInvalid(form.current);
        else if (ready) create.mutate(undefined, { onError: (error) => refuse(problemOf(error)) });
      }}
    >
      <NameField value={name} error={(nameTried || name !== '') && !named} onChange={setName} />
      <SettingsForm draft={draft} disabled={false} secrets={NO_SECRETS} />
      <TestPanel
        name={named ? name : type}
        type={type}
        disabled={false}
        settings={() => (isReady() ? toSend(draft.settings) : null)}
        onProblem={refuse}
      />
      <Buttons busy={create.isPending} onBack={onBack} />
    </form>
  );
}

interface NameFieldProps {
  readonly value: string;
  readonly error: boolean;
  readonly onChange: (name: string) => void;
}

function NameField({ value, error, onChange }: NameFieldProps) {
  const t = useText('authentication');
  return (
    <Field
      label={t('create.name')}
      hint={t('create.nameHint')}
      error={error ? t('create.nameError') : undefined}
    >
      {(ids) => (
        <Input
          {...ids}
          className="mono max-w-80"
          maxLength={32}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function Buttons({ busy, onBack }: { readonly busy: boolean; readonly onBack: () => void }) {
  const t = useText('authentication');
  const common = useText('common');
  return (
    <div className="flex flex-wrap justify-end gap-2 border-t border-line pt-4">
      <Button tone="quiet" className="me-auto" onClick={onBack}>
        {t('create.otherType')}
      </Button>
      <Link href="/authentication" className={buttonClass()}>
        {common('cancel')}
      </Link>
      <Button type="submit" tone="primary" busy={busy}>
        {t('create.submit')}
      </Button>
    </div>
  );
}
