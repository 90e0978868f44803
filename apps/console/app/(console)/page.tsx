import { Overview } from '@/components/overview/overview';
import { DEFAULT_RANGE, overviewSources } from '@/components/overview/sources';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';
import { relativeRange } from '@/lib/range';
import { requestNow } from '@/lib/request-now';
import { Words } from '@/lib/words';

export const generateMetadata = pageTitle('overview');

export default function OverviewPage() {
  const { stats, overview, series } = overviewSources(relativeRange(DEFAULT_RANGE, requestNow()));
  return (
    <Words areas={['alerts', 'overview', 'reasons']}>
      <Prefetch resources={[stats, overview, series]}>
        <Overview />
      </Prefetch>
    </Words>
  );
}
