import { createLoader, type SearchParams } from 'nuqs/server';
import { Credentials } from '@/components/credentials/credentials';
import { credentialsParsers, toApiQuery } from '@/components/credentials/query';
import { credentialsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('credentials');

const load = createLoader(credentialsParsers);

export default async function CredentialsPage({
  searchParams,
}: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const query = await load(searchParams);
  return (
    <Prefetch resources={[credentialsResource(toApiQuery(query))]}>
      <Credentials />
    </Prefetch>
  );
}
