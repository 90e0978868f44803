import { ApiKeys } from '@/components/settings/api-keys';
import { apiKeysResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('apiKeys');

export default function ApiKeysPage() {
  return (
    <Prefetch resources={[apiKeysResource]}>
      <ApiKeys />
    </Prefetch>
  );
}
