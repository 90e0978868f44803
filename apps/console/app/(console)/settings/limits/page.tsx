import { Limits } from '@/components/settings/limits';
import { limitsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('limits');

export default function LimitsPage() {
  return (
    <Prefetch resources={[limitsResource]}>
      <Limits />
    </Prefetch>
  );
}
