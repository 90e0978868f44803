import { HydrationBoundary, QueryClient, dehydrate } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { keyOf, type Resource } from './resource';
import { readOnServer } from './server-api';

/** A page comes with its rows, and so as one: it waits this long for them, then it comes without. */
const PAGE_WAIT_MS = 1_500;

const ignore = (): void => undefined;

/**
 * Reads resources while the page renders, so that the first paint has rows.
 * What fails or takes too long here (`waitMs`: longer where the page's frame is there already) is read again in the browser,
 * which knows how to show the error.
 */
export async function Prefetch({
  resources,
  waitMs = PAGE_WAIT_MS,
  children,
}: {
  readonly resources: readonly Resource<unknown>[];
  readonly waitMs?: number;
  readonly children: ReactNode;
}) {
  const client = new QueryClient();
  const signal = AbortSignal.timeout(waitMs);
  await Promise.all(
    resources.map((target) =>
      client
        .query({ queryKey: keyOf(target), queryFn: () => readOnServer(target, signal), retry: false })
        .catch(ignore),
    ),
  );
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
