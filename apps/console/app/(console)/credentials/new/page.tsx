import { createLoader, parseAsString, type SearchParams } from 'nuqs/server';
import { ClonePage } from '@/components/credentials/clone-page';
import { CreatePage } from '@/components/credentials/create-page';
import { credentialResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('credentials');

const load = createLoader({
  type: parseAsString,
  by: parseAsString,
  value: parseAsString,
  identity: parseAsString,
  username: parseAsString,
  clientId: parseAsString,
  from: parseAsString,
  clone: parseAsString,
});

export default async function NewCredentialPage({
  searchParams,
}: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { clone, ...prefill } = await load(searchParams);
  if (clone === null) return <CreatePage prefill={prefill} />;
  return (
    <Prefetch resources={[credentialResource(clone)]}>
      <ClonePage id={clone} />
    </Prefetch>
  );
}
