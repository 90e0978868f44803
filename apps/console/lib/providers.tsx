'use client';

import type { SessionDto } from '@gatehouse/contract';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useState, type ReactNode } from 'react';
import { ApiError } from './api';
import { I18nProvider, type I18nProviderProps } from './i18n';
import { NowProvider } from './now';
import { SessionProvider } from './session';

const STALE_AFTER_MS = 5_000;
const RETRIES_MAX = 2;

/** Problems of the request itself do not get better by asking again; a server's or network's may. */
const retry = (failures: number, error: Error): boolean =>
  failures < RETRIES_MAX && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500);

const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: { queries: { staleTime: STALE_AFTER_MS, retry, refetchOnWindowFocus: true } },
  });

interface ProvidersProps {
  readonly session: SessionDto;
  readonly language: Omit<I18nProviderProps, 'children'>;
  readonly now: number;
  readonly children: ReactNode;
}

export function Providers({ session, language, now, children }: ProvidersProps) {
  const [client] = useState(newQueryClient);
  return (
    <NuqsAdapter>
      <I18nProvider {...language}>
        <NowProvider now={now}>
          <QueryClientProvider client={client}>
            <SessionProvider session={session}>{children}</SessionProvider>
          </QueryClientProvider>
        </NowProvider>
      </I18nProvider>
    </NuqsAdapter>
  );
}
