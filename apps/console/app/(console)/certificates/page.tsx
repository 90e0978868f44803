import { createLoader, type SearchParams } from 'nuqs/server';
import { Certificates } from '@/components/certificates/certificates';
import { certificateParsers, toApiQuery } from '@/components/certificates/query';
import { authorityResource, certificatesResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('certificates');

const load = createLoader(certificateParsers);

export default async function CertificatesPage({
  searchParams,
}: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const query = await load(searchParams);
  return (
    <Prefetch resources={[certificatesResource(toApiQuery(query)), authorityResource]}>
      <Certificates />
    </Prefetch>
  );
}
