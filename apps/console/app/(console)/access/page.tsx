import { Access } from '@/components/access/access';
import { accessRulesResource, denialsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('access');

export default function AccessPage() {
  return (
    <Prefetch resources={[accessRulesResource(), denialsResource()]}>
      <Access />
    </Prefetch>
  );
}
