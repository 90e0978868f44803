import { HydrationBoundary, QueryClient, dehydrate } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { keyOf, type Resource } from './resource';
import { readOnServer } from './server-api';

const ignore = (): void => undefined;

/**
 * Reads resources while the page renders, so that the first paint has rows.
 * What fails here is read again in the browser, which knows how to show the error.
 */
export async function Prefetch({
  resources,
  children,
}: {
  readonly resources: readonly Resource<unknown>[];
  readonly children: ReactNode;
}) {
  const client = new QueryClient();
  await Promise.all(
    resources.map((target) =>
      client
        .query({ queryKey: keyOf(target), queryFn: () => readOnServer(target), retry: false })
        .catch(ignore),
    ),
  );
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
