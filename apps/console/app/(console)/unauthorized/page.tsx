import type { SearchParams } from 'nuqs/server';
import { UnauthorizedPage } from '@/components/unauthorized/unauthorized-page';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';
import { requestNow } from '@/lib/request-now';
import { loadView } from '@/lib/unauthorized/parsers';
import { facetsResource, listResource } from '@/lib/unauthorized/query';
import { recorderResource } from '@/lib/unauthorized/resources';

export const generateMetadata = pageTitle('unauthorized');

/** Reads what the URL asks for on the server, so that the first paint has rows. */
export default async function Unauthorized({
  searchParams,
}: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const view = await loadView(searchParams);
  const now = requestNow();
  return (
    <Prefetch resources={[listResource(view, now), facetsResource(view, now), recorderResource]}>
      <UnauthorizedPage />
    </Prefetch>
  );
}
