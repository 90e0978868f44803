import { createLoader, type SearchParams } from 'nuqs/server';
import { Blocked } from '@/components/blocked/blocked';
import { blockedParsers, toApiQuery } from '@/components/blocked/query';
import { blocksResource, slowedResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('blocked');

const load = createLoader(blockedParsers);

export default async function BlockedPage({
  searchParams,
}: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const query = await load(searchParams);
  return (
    <Prefetch resources={[blocksResource(toApiQuery(query)), slowedResource]}>
      <Blocked />
    </Prefetch>
  );
}
