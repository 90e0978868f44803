'use client';

import type { TryResultDto } from '@gatehouse/contract';
import { FlaskConical, Play } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import { Card, Page, PageHeader } from '@/components/ui/page';
import { ErrorState, State } from '@/components/ui/states';
import { CheckboxField } from '@/components/ui/toggle';
import { api, problemOf } from '@/lib/api';
import { statsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { useHydrated } from '@/lib/use-hydrated';
import { useResource } from '@/lib/use-resource';
import { TryResult } from './try-result';

export interface TryPrefill {
  readonly username: string | null;
  readonly clientId: string | null;
  readonly ip: string | null;
  readonly listener: string | null;
  readonly protocol: number | null;
}

/** The attempt as the form holds it; absent and empty differ for username and password, so each has its switch. */
interface Form {
  readonly clientId: string;
  readonly username: string;
  readonly withUsername: boolean;
  readonly password: string;
  readonly withPassword: boolean;
  readonly ip: string;
  readonly listener: string;
  readonly protocol: number;
}

const PROTOCOLS = [3, 4, 5] as const;
const CURRENT_PROTOCOL = 5;

const formOf = (prefill: TryPrefill): Form => ({
  clientId: prefill.clientId ?? '',
  username: prefill.username ?? '',
  withUsername: prefill.username !== null || prefill.clientId === null,
  password: '',
  withPassword: true,
  ip: prefill.ip ?? '127.0.0.1',
  listener: prefill.listener ?? 'tcp',
  protocol: PROTOCOLS.find((one) => one === prefill.protocol) ?? CURRENT_PROTOCOL,
});

const bodyOf = (form: Form) => ({
  clientId: form.clientId,
  ...(form.withUsername ? { username: form.username } : {}),
  ...(form.withPassword ? { password: form.password } : {}),
  ip: form.ip,
  listener: form.listener,
  protocol: form.protocol,
});

/** "Would this client be admitted, and why?" The real chain answers; nothing is recorded. */
export function Tester({ prefill }: { readonly prefill: TryPrefill }) {
  const t = useText('tester');
  const [form, setForm] = useState(() => formOf(prefill));
  const run = useAction(() => api.post<TryResultDto>('/try', bodyOf(form)), {
    stale: [],
    toastProblems: false,
  });
  const problem = run.error === null ? null : problemOf(run.error);
  const errorOf = (path: string): string | undefined =>
    problem?.errors?.find((one) => one.path === path)?.message;
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(20rem,26rem)_1fr]">
        <Card title={t('attempt')}>
          <form
            className="flex flex-col gap-4 p-4"
            onSubmit={(event) => {
              event.preventDefault();
              run.mutate(undefined);
            }}
          >
            <AttemptFields
              form={form}
              errorOf={errorOf}
              onChange={(part) => setForm((now) => ({ ...now, ...part }))}
            />
            <Button
              type="submit"
              tone="primary"
              busy={run.isPending}
              icon={<Play aria-hidden className="size-4" />}
            >
              {t('run')}
            </Button>
          </form>
        </Card>
        <Card title={t('answer')}>
          <div aria-live="polite">
            {run.data !== undefined ? (
              <TryResult
                result={run.data}
                protocol={form.protocol}
                username={form.withUsername ? form.username : null}
                clientId={form.clientId}
              />
            ) : problem !== null && problem.errors === undefined ? (
              <ErrorState error={run.error} onRetry={() => run.mutate(undefined)} />
            ) : (
              <State icon={<FlaskConical aria-hidden />} title={t('nothingYet')}>
                {t('nothingYetHint')}
              </State>
            )}
          </div>
        </Card>
      </div>
    </Page>
  );
}

interface AttemptFieldsProps {
  readonly form: Form;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Partial<Form>) => void;
}

function AttemptFields({ form, errorOf, onChange }: AttemptFieldsProps) {
  const t = useText('tester');
  const stats = useResource(statsResource());
  const known = useHydrated() ? (stats.data?.listeners ?? []) : [];
  const listeners = [...new Set([...known.map((one) => one.name), form.listener])];
  return (
    <>
      <Field label={t('clientId')} hint={t('clientIdHint')} error={errorOf('clientId')}>
        {(ids) => (
          <Input
            {...ids}
            className="mono"
            value={form.clientId}
            onChange={(event) => onChange({ clientId: event.target.value })}
          />
        )}
      </Field>
      <div className="flex flex-col gap-1.5">
        <Field label={t('username')} error={errorOf('username')}>
          {(ids) => (
            <Input
              {...ids}
              className="mono"
              disabled={!form.withUsername}
              value={form.username}
              onChange={(event) => onChange({ username: event.target.value })}
            />
          )}
        </Field>
        <CheckboxField
          label={t('noUsername')}
          checked={!form.withUsername}
          onChange={(event) => onChange({ withUsername: !event.target.checked })}
        />
      </div>
      <div className="flex flex-col gap-1.5">
        <Field label={t('password')} error={errorOf('password')}>
          {(ids) => (
            <Input
              {...ids}
              type="password"
              autoComplete="off"
              disabled={!form.withPassword}
              value={form.password}
              onChange={(event) => onChange({ password: event.target.value })}
            />
          )}
        </Field>
        <CheckboxField
          label={t('noPassword')}
          checked={!form.withPassword}
          onChange={(event) => onChange({ withPassword: !event.target.checked })}
        />
      </div>
      <div className="grid grid-cols-2 gap-4">
        <Field label={t('listener')} error={errorOf('listener')}>
          {(ids) => (
            <Select
              {...ids}
              value={form.listener}
              onChange={(event) => onChange({ listener: event.target.value })}
            >
              {listeners.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('protocol')} error={errorOf('protocol')}>
          {(ids) => (
            <Select
              {...ids}
              value={form.protocol}
              onChange={(event) => onChange({ protocol: Number(event.target.value) })}
            >
              {PROTOCOLS.map((protocol) => (
                <option key={protocol} value={protocol}>
                  {t(`protocols.${protocol}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field label={t('ip')} error={errorOf('ip')}>
        {(ids) => (
          <Input
            {...ids}
            className="mono"
            value={form.ip}
            maxLength={64}
            onChange={(event) => onChange({ ip: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
