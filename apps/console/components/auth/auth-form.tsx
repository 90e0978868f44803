'use client';

import type { Problem } from '@gatehouse/contract';
import type { PasswordFault } from '@gatehouse/contract/password-rules';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { callLazily } from '@/lib/call-lazily';
import { safeNext } from '@/lib/safe-next';
import { useForm } from '@/lib/use-form';
import { langOf } from '@/lib/told';
import { usePasswordRules } from '@/lib/use-password-rules';
import { useUnplaced } from '@/lib/use-unplaced';
import { AuthErrors } from './auth-errors';
import { AuthFailure } from './auth-failure';

/** Where each form sends, and where the reader lands afterwards: null, where they were. */
const FORMS = {
  login: { path: '/session', call: 'login', next: null },
  setup: { path: '/setup', call: 'completeSetup', next: '/start' },
  invite: { path: '/invitations/accept', call: 'acceptInvitation', next: '/' },
} as const;

/** What the form is for: where it goes, what it sends and where the reader lands afterwards. */
interface AuthFormProps {
  readonly kind: keyof typeof FORMS;
  /** Words for problems by code; others are shown as the API says them. */
  readonly problems: Readonly<Record<string, string>>;
  readonly problemIcon: ReactNode;
  /** Words for what may be wrong with a new password; absent: none is chosen here. */
  readonly faults?: Readonly<Record<PasswordFault, string>>;
  readonly submitLabel: string;
  readonly submitClass: string;
  /** Asked for only when the address brought no token. */
  readonly tokenField?: ReactNode;
  /** Asked for, in place of the fields, once the password was right and the account has an authenticator app. */
  readonly codeField?: ReactNode;
  /** Fields, drawn on the server: the page before the sign-in has hardly any script of its own. */
  readonly children: ReactNode;
}

/**
 * The token of a setup or an invitation stands in the address after `#`: browsers do not send that part, so it is in no server's log. It is
 * taken out of the address bar, and so of the history, as soon as it is read.
 */
function takeSetupToken(): string | null {
  const fragment = window.location.hash.slice(1);
  if (fragment === '') return null;
  window.history.replaceState(null, '', window.location.pathname);
  return new URLSearchParams(fragment).get('token') ?? fragment;
}

/** The token that the address brought, and whether it has been looked at. */
function useLinkToken(kind: AuthFormProps['kind']) {
  const [token, setToken] = useState<string | null>(null);
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    if (kind === 'login') return undefined;
    const look = (): void => {
      const found = takeSetupToken();
      if (found !== null) setToken(found);
      setLooked(true);
    };
    look();
    // The link, pasted into a tab that shows this page already, loads nothing anew.
    window.addEventListener('hashchange', look);
    return () => {
      window.removeEventListener('hashchange', look);
    };
  }, [kind]);
  return { token, isMissing: looked && token === null };
}

type Values = Readonly<Record<string, string>>;

const valuesOf = (form: HTMLFormElement | null): Values =>
  form === null
    ? {}
    : Object.fromEntries(
        [...new FormData(form)].flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value]] : [],
        ),
      );

/** Sends once: a second click finds the first under way. */
function useSend(kind: AuthFormProps['kind'], body: Values) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isUnderWay = useRef(false);
  const send = async (): Promise<void> => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setBusy(true);
    setProblem(null);
    const done = await callLazily((api) => api.post(FORMS[kind].path, body));
    if (!('problem' in done)) {
      window.location.assign(FORMS[kind].next ?? safeNext());
      return;
    }
    setProblem(done.problem);
    setBusy(false);
    isUnderWay.current = false;
  };
  return { busy, problem, send: () => void send() };
}

/** What is being written, and what is to be said of it. */
function useAuthForm(kind: AuthFormProps['kind'], token: string | null, faultWords: AuthFormProps['faults']) {
  const [values, setValues] = useState<Values>({});
  const body = token === null ? values : { token, ...values };
  const { busy, problem, send } = useSend(kind, body);
  const [asksCode, setAsksCode] = useState(false);
  if (problem?.code === 'code-needed' && !asksCode) setAsksCode(true);
  const said = problem?.code === 'code-needed' ? null : problem;
  const { name = '', email = '', password = '' } = values;
  const [fault, check] = usePasswordRules([email, name]);
  const form = useForm(
    FORMS[kind].call,
    body,
    { busy, problem: said, send },
    {
      password: fault === undefined ? undefined : faultWords?.[fault],
    },
  );
  const { ref } = form;
  const read = (): void => {
    const now = valuesOf(ref.current);
    setValues(now);
    if (faultWords !== undefined && now['password'] !== password) check(now['password'] ?? '');
  };
  // What was typed before the script was there.
  useEffect(() => setValues(valuesOf(ref.current)), [ref]);
  const [tries, setTries] = useState(0);
  const { submit } = form;
  const latest = useRef(submit);
  useEffect(() => {
    latest.current = submit;
  });
  useEffect(() => {
    if (tries > 0) latest.current();
  }, [tries]);
  /** Sends what stands in the fields, whoever wrote it there. */
  const trySend = (): void => {
    read();
    setTries((now) => now + 1);
  };
  return { form, asksCode, read, trySend };
}

export function AuthForm({ kind, problems, problemIcon, submitLabel, submitClass, ...parts }: AuthFormProps) {
  const { token, isMissing } = useLinkToken(kind);
  const { form, asksCode, read, trySend } = useAuthForm(kind, token, parts.faults);
  const unplaced = useUnplaced(form);
  const { problem } = form;
  const isWhole = problem !== null && problem.errors === undefined;
  return (
    <AuthErrors value={form.errorOf}>
      <form
        ref={form.ref}
        // Sent before the script is there, it must not put a password into the address.
        method="post"
        noValidate
        className="flex flex-col gap-4"
        onInput={read}
        onSubmit={(event) => {
          event.preventDefault();
          trySend();
        }}
      >
        {(isWhole || unplaced.length > 0) && (
          <AuthFailure icon={problemIcon}>
            {isWhole && <p>{problems[problem.code] ?? problem.detail ?? problem.title}</p>}
            {unplaced.map(({ path, message }) => (
              <p key={path}>
                <span className="mono">{path}</span> <span lang={langOf(message)}>{message}</span>
              </p>
            ))}
          </AuthFailure>
        )}
        {isMissing && parts.tokenField}
        {/* Still part of the form: what was typed goes along with the code. */}
        <div className="flex flex-col gap-4" hidden={asksCode}>
          {parts.children}
        </div>
        {asksCode && parts.codeField}
        <button type="submit" disabled={form.busy} aria-busy={form.busy} className={submitClass}>
          {submitLabel}
        </button>
      </form>
    </AuthErrors>
  );
}
