import { createLoader, type SearchParams } from 'nuqs/server';
import { Retained } from '@/components/retained/retained';
import { retainedParsers, retainedQuery } from '@/components/retained/query';
import { retainedResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('retained');

const load = createLoader(retainedParsers);

export default async function RetainedPage({
  searchParams,
}: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const query = await load(searchParams);
  return (
    <Prefetch resources={[retainedResource(retainedQuery(query))]}>
      <Retained />
    </Prefetch>
  );
}
