'use client';

import type { Scope, SessionDto } from '@gatehouse/contract';
import { createContext, useContext, type ReactNode } from 'react';
import { setCsrfToken } from './api';

const SessionContext = createContext<SessionDto | null>(null);

/** Holds who is signed in, as the server saw it while rendering; hands the CSRF token to the API client. */
export function SessionProvider({
  session,
  children,
}: {
  readonly session: SessionDto;
  readonly children: ReactNode;
}) {
  if (typeof window !== 'undefined') setCsrfToken(session.csrfToken);
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): SessionDto {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside of SessionProvider');
  return session;
}

/** Whether the signed-in user may do something. The API checks again; this only decides what is offered. */
export const useMay = (scope: Scope): boolean => useSession().scopes.includes(scope);
