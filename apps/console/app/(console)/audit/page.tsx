import { createLoader, type SearchParams } from 'nuqs/server';
import { Audit } from '@/components/audit/audit';
import { auditParsers, auditQuery } from '@/components/audit/query';
import { auditResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('audit');

const load = createLoader(auditParsers);

export default async function AuditPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  return (
    <Prefetch resources={[auditResource(auditQuery(await load(searchParams)))]}>
      <Audit />
    </Prefetch>
  );
}
