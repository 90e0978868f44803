'use client';

import { Page } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { credentialResource } from '@/lib/endpoints';
import { useResource } from '@/lib/use-resource';
import { CreatePage, NO_PREFILL } from './create-page';

/** A new credential that starts as another one is, identity and secret excepted. */
export function ClonePage({ id }: { readonly id: string }) {
  const found = useResource(credentialResource(id));
  if (found.data !== undefined) return <CreatePage prefill={NO_PREFILL} original={found.data} />;
  return (
    <Page narrow>
      {found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <>
          <Skeleton className="h-8 w-2/3" />
          <Skeleton className="h-64 w-full" />
        </>
      )}
    </Page>
  );
}
