import { createLoader, type SearchParams } from 'nuqs/server';
import { Clients } from '@/components/clients/clients';
import { clientsParsers, clientsQuery } from '@/components/clients/query';
import { clientsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('clients');

const load = createLoader(clientsParsers);

export default async function ClientsPage({
  searchParams,
}: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const query = await load(searchParams);
  return (
    <Prefetch resources={[clientsResource(clientsQuery(query))]}>
      <Clients />
    </Prefetch>
  );
}
