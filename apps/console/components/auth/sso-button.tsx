'use client';

import type { SsoStartedDto } from '@gatehouse/contract';
import { useState, type ReactNode } from 'react';
import { callLazily } from '@/lib/call-lazily';
import { safeNext } from '@/lib/safe-next';
import { AuthFailure } from './auth-failure';

interface SsoButtonProps {
  /** The address of the console that the provider knows; the button leads there first. */
  readonly origin: string;
  readonly problems: Readonly<Record<string, string>>;
  readonly problemIcon: ReactNode;
  readonly className: string;
  readonly children: ReactNode;
}

/** Leads to the identity provider, and by way of it to the page that one came for. */
export function SsoButton({ origin, problems, problemIcon, className, children }: SsoButtonProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<readonly string[] | null>(null);
  const start = async (): Promise<void> => {
    if (window.location.origin !== origin) {
      window.location.assign(origin + window.location.pathname + window.location.search);
      return;
    }
    setBusy(true);
    setFailure(null);
    const started = await callLazily((api) =>
      api.post<SsoStartedDto>('/session/sso', { returnTo: safeNext() }),
    );
    if ('answer' in started) {
      window.location.assign(started.answer.url);
      return;
    }
    const { code, title, detail } = started.problem;
    setFailure([problems[code] ?? title, ...(detail === undefined ? [] : [detail])]);
    setBusy(false);
  };
  return (
    <div className="flex flex-col gap-4">
      {failure !== null && (
        <AuthFailure icon={problemIcon}>
          {failure.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </AuthFailure>
      )}
      <button
        type="button"
        disabled={busy}
        aria-busy={busy}
        className={className}
        onClick={() => void start()}
      >
        {children}
      </button>
    </div>
  );
}
