'use client';

import type { SsoFinishedDto } from '@gatehouse/contract';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { api, problemOf } from '@/lib/api';
import { tellConfirmed } from '@/lib/sso-channel';
import { AuthFailure } from './auth-failure';

interface SsoCallbackProps {
  readonly problems: Readonly<Record<string, string>>;
  readonly problemIcon: ReactNode;
  readonly waiting: string;
  /** After a fresh proof: what was waited for goes on in the tab it was asked in. */
  readonly confirmed: string;
  readonly back: string;
  readonly linkClass: string;
}

type State =
  | { readonly at: 'waiting' }
  | { readonly at: 'confirmed' }
  | { readonly at: 'failed'; readonly lines: readonly string[] };

/** Hands on what the provider added to this address, which leaves the address bar at once. */
export function SsoCallback(props: SsoCallbackProps) {
  const { problems } = props;
  const [state, setState] = useState<State>({ at: 'waiting' });
  const begun = useRef(false);
  useEffect(() => {
    // What comes from the provider is good once.
    if (begun.current) return;
    begun.current = true;
    const query = window.location.search.slice(1);
    window.history.replaceState(null, '', window.location.pathname);
    const finish = async (): Promise<void> => {
      try {
        const { purpose, returnTo } = await api.post<SsoFinishedDto>('/session/sso/finish', { query });
        if (purpose !== 'confirm') {
          window.location.replace(returnTo);
          return;
        }
        tellConfirmed();
        setState({ at: 'confirmed' });
        window.close();
      } catch (error) {
        const { code, title, detail } = problemOf(error);
        setState({
          at: 'failed',
          lines: [problems[code] ?? title, ...(detail === undefined ? [] : [detail])],
        });
      }
    };
    void finish();
  }, [problems]);
  if (state.at === 'waiting') return <p role="status">{props.waiting}</p>;
  if (state.at === 'confirmed') return <p role="status">{props.confirmed}</p>;
  return (
    <div className="flex flex-col gap-4">
      <AuthFailure icon={props.problemIcon}>
        {state.lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </AuthFailure>
      <a href="/login" className={props.linkClass}>
        {props.back}
      </a>
    </div>
  );
}
