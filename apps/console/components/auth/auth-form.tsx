'use client';

import { useEffect, useState, type ReactNode } from 'react';
import { api, problemOf } from '@/lib/api';
import { safeNext } from '@/lib/safe-next';
import { AuthFailure } from './auth-failure';

/** Where each form sends, and where the reader lands afterwards: null, where they were. */
const FORMS = {
  login: { path: '/session', next: null },
  setup: { path: '/setup', next: '/start' },
  invite: { path: '/invitations/accept', next: '/' },
} as const;

/** What the form is for: where it goes, what it sends and where the reader lands afterwards. */
interface AuthFormProps {
  readonly kind: keyof typeof FORMS;
  /** Words for problems by code; others are shown as the API says them. */
  readonly problems: Readonly<Record<string, string>>;
  readonly problemIcon: ReactNode;
  readonly submitLabel: string;
  readonly submitClass: string;
  /** Asked for only when the address brought no token. */
  readonly tokenField?: ReactNode;
  /** Asked for, in place of the fields, once the password was right and the account has an authenticator app. */
  readonly codeField?: ReactNode;
  /** Fields, drawn on the server: the page before the sign-in has hardly any script of its own. */
  readonly children: ReactNode;
}

interface Failure {
  readonly text: string;
  readonly fields: readonly { readonly path: string; readonly message: string }[];
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

export function AuthForm({
  kind,
  problems,
  problemIcon,
  submitLabel,
  submitClass,
  tokenField,
  codeField,
  children,
}: AuthFormProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [token, setToken] = useState<string | null>(null);
  const [looked, setLooked] = useState(false);
  const [asksCode, setAsksCode] = useState(false);
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
  const send = async (form: HTMLFormElement): Promise<void> => {
    const data: Record<string, FormDataEntryValue> = Object.fromEntries(new FormData(form));
    setBusy(true);
    setFailure(null);
    try {
      await api.post(FORMS[kind].path, token === null ? data : { token, ...data });
      window.location.assign(FORMS[kind].next ?? safeNext());
    } catch (error) {
      const problem = problemOf(error);
      if (problem.code === 'code-needed') {
        setAsksCode(true);
        setBusy(false);
        return;
      }
      setFailure({
        text: problems[problem.code] ?? problem.detail ?? problem.title,
        fields: problem.errors ?? [],
      });
      setBusy(false);
    }
  };
  return (
    <form
      // Sent before the script is there, it must not put a password into the address.
      method="post"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.currentTarget);
      }}
    >
      {failure !== null && (
        <AuthFailure icon={problemIcon}>
          <p>{failure.text}</p>
          {failure.fields.map((field) => (
            <p key={field.path}>
              {field.path}: {field.message}
            </p>
          ))}
        </AuthFailure>
      )}
      {looked && token === null && tokenField}
      {/* Still part of the form: what was typed goes along with the code. */}
      <div className="flex flex-col gap-4" hidden={asksCode}>
        {children}
      </div>
      {asksCode && codeField}
      <button type="submit" disabled={busy} aria-busy={busy} className={submitClass}>
        {submitLabel}
      </button>
    </form>
  );
}
