'use client';

import type { AuthenticatorTestDto, Problem } from '@gatehouse/contract';
import { Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { AUTH_METHODS } from '@/components/tester/attempt';
import type { KnownListener } from '@/components/tester/pasted';
import {
  CertificateField,
  ListenerField,
  MethodField,
  PskField,
  speaksTls,
  useListeners,
} from '@/components/tester/proof-fields';
import { CheckboxField } from '@/components/ui/toggle';
import { api, problemOf } from '@/lib/api';
import type { FieldErrors } from '@/lib/errors-that-stand';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { useForm, type FormState } from '@/lib/use-form';
import type { Tree } from './schema';
import { TestResult } from './test-result';

interface TestPanelProps {
  readonly name: string;
  /** Of the authenticator: some decide by other things than a password. */
  readonly type: string;
  readonly disabled: boolean;
  /** What is asked with it; undefined: the settings in force. Null: the draft has something to be put right first. */
  readonly settings: () => Tree | undefined | null;
  /** Told what the server says against the draft; null before each test. */
  readonly onProblem: (problem: Problem | null) => void;
}

interface Client {
  readonly asked: boolean;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  /** Empty: the first one that hears of certificates and keys. */
  readonly listener: string;
  readonly certificate: string;
  readonly pskIdentity: string;
  readonly authMethod: string;
}

/** Where the client stands in what is sent. */
const CLIENT = 'attempt.';
const NOBODY: Client = {
  asked: false,
  username: '',
  password: '',
  clientId: '',
  listener: '',
  certificate: '',
  pskIdentity: '',
  authMethod: AUTH_METHODS[0],
};

/** Reaches the backend with the settings as they stand in the form, and asks about a client. Nothing is stored. */
export function TestPanel({ name, type, disabled, settings, onProblem }: TestPanelProps) {
  const t = useText('authentication');
  const [written, setClient] = useState(NOBODY);
  const listeners = useListeners();
  const client = { ...written, listener: written.listener || (listeners.find(speaksTls)?.name ?? 'tls') };
  const test = useAction(
    (draft: Tree | undefined) =>
      api.post<AuthenticatorTestDto>(`/authenticators/${encodeURIComponent(name)}/test`, {
        ...(draft === undefined ? {} : { settings: draft }),
        ...(client.asked ? { attempt: attemptOf(type, client) } : {}),
      }),
    { stale: [], toastProblems: false },
  );
  const send = (): void => {
    const draft = settings();
    if (draft === null) return;
    onProblem(null);
    test.mutate(draft, { onError: (error) => onProblem(aboutDraft(problemOf(error))) });
  };
  const problem = useMemo(
    () => (test.error === null ? null : aboutClient(problemOf(test.error))),
    [test.error],
  );
  const body = client.asked ? attemptOf(type, client) : {};
  const form = useForm(client.asked ? 'tryAttempt' : nothing, body, { problem, busy: test.isPending, send });
  return (
    <section className="border-t border-line pt-4">
      <h3 className="text-base font-semibold">{t('test.title')}</h3>
      <p className="text-sm text-muted">{t('test.text')}</p>
      <div className="mt-3 flex flex-col gap-4">
        <CheckboxField
          label={t('test.withClient')}
          hint={t('test.withClientHint')}
          checked={client.asked}
          disabled={disabled}
          onChange={(event) => setClient((now) => ({ ...now, asked: event.target.checked }))}
        />
        {client.asked && (
          <ClientFields
            type={type}
            client={client}
            listeners={listeners}
            errorOf={form.errorOf}
            onChange={(part) => setClient((now) => ({ ...now, ...part }))}
          />
        )}
        <Button
          className="self-start"
          busy={test.isPending}
          disabled={disabled}
          icon={<Play aria-hidden className="size-4" />}
          onClick={form.submit}
        >
          {t('test.run')}
        </Button>
        <div aria-live="polite">{test.data !== undefined && <TestResult result={test.data} />}</div>
      </div>
    </section>
  );
}

/** An empty username or password is sent as none: the page for trying a connection tells the two apart. */
const attemptOf = (type: string, { username, password, clientId, ...proof }: Client) => ({
  clientId,
  ...(username === '' ? {} : { username }),
  ...(password === '' ? {} : { password }),
  ...proofOf(type, proof),
});

type Proof = Omit<Client, 'asked' | 'username' | 'password' | 'clientId'>;

/** What a type decides by, beside names and passwords. */
function proofOf(type: string, { listener, certificate, pskIdentity, authMethod }: Proof): Partial<Proof> {
  switch (type) {
    case 'x509':
      return { listener, ...(certificate === '' ? {} : { certificate }) };
    case 'psk':
      return { listener, ...(pskIdentity === '' ? {} : { pskIdentity }) };
    case 'scram':
      return authMethod === '' ? {} : { authMethod };
    default:
      return {};
  }
}

const nothing = (): FieldErrors => [];

/** Of what the server says, what is about the client, by the names of its fields; and the rest, about the settings. */
function aboutClient(problem: Problem): Problem | null {
  const errors = (problem.errors ?? [])
    .filter(({ path }) => path.startsWith(CLIENT))
    .map((one) => ({ ...one, path: one.path.slice(CLIENT.length) }));
  return errors.length === 0 ? null : { ...problem, errors };
}
function aboutDraft(problem: Problem): Problem | null {
  const errors = problem.errors?.filter(({ path }) => !path.startsWith(CLIENT));
  if (errors === undefined) return problem;
  return errors.length === 0 ? null : { ...problem, errors };
}

interface ClientFieldsProps {
  readonly type: string;
  readonly listeners: readonly KnownListener[];
  readonly client: Client;
  readonly errorOf: FormState['errorOf'];
  readonly onChange: (part: Partial<Client>) => void;
}

function ClientFields(props: ClientFieldsProps) {
  const { type, client, errorOf, onChange } = props;
  const t = useText('authentication');
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {(['username', 'password', 'clientId'] as const).map((field) => (
        <Field key={field} label={t(`test.${field}`)} error={errorOf(field)}>
          {(ids) => (
            <Input
              {...ids}
              type={field === 'password' ? 'password' : 'text'}
              autoComplete={field === 'password' ? 'new-password' : 'off'}
              className={field === 'password' ? '' : 'mono'}
              value={client[field]}
              onChange={(event) => onChange({ [field]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <ProofFields {...props} form={client} key={type} />
    </div>
  );
}

function ProofFields({ type, ...props }: ClientFieldsProps & { readonly form: Client }) {
  switch (type) {
    case 'x509':
    case 'psk':
      return (
        <>
          <ListenerField {...props} />
          <div className="sm:col-span-2">
            {type === 'x509' ? <CertificateField {...props} /> : <PskField {...props} />}
          </div>
        </>
      );
    case 'scram':
      return <MethodField {...props} />;
    default:
      return null;
  }
}
